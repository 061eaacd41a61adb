import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../scripts/prepare/project.mjs';
import { importCycles, type Module, readModules } from './support/module-graph.ts';

const PARTS = ['protocol', 'producer', 'gateway', 'ui'] as const;
const product = readModules(projectRoot, PARTS);
const everything = [...product, ...readModules(projectRoot, ['scripts', 'test', 'bench'])];
const of = (part: string): Module[] => product.filter(({ path }) => path.startsWith(`${part}/`));

/** `from → to` for every import that is not allowed. */
function offenders(
  modules: readonly Module[],
  isOffence: (target: string, isTypeOnly: boolean) => boolean,
): string[] {
  return modules.flatMap(({ path, imports }) =>
    imports
      .filter(({ specifier, file, isTypeOnly }) => isOffence(file ?? specifier, isTypeOnly))
      .map(({ specifier }) => `${path} → ${specifier}`),
  );
}

test('the import scanner sees the imports there are', () => {
  const [live] = of('protocol').filter(({ path }) => path.endsWith('/live-table.ts'));
  expect(live?.imports.map(({ file }) => file)).toContain('protocol/arrow/data-type.ts');
  expect(product.length).toBeGreaterThan(100);
  expect(product.flatMap(({ imports }) => imports).length).toBeGreaterThan(300);
});

describe('imports', () => {
  test.each(['producer', 'gateway', 'ui'])('go from %s to protocol, and to no other part', (part) => {
    const others = [...PARTS, 'scripts', 'test', 'bench'].filter(
      (name) => name !== part && name !== 'protocol',
    );
    expect(offenders(of(part), (to) => others.some((other) => to.startsWith(`${other}/`)))).toEqual([]);
  });

  test('of protocol stay inside it, and name neither Node nor the DOM', () => {
    const allowed = ['apache-arrow', 'flatbuffers', 'typebox', 'typebox/value', 'typebox/compile'];
    expect(offenders(of('protocol'), (to) => !to.startsWith('protocol/') && !allowed.includes(to))).toEqual(
      [],
    );
    const base = JSON.parse(readFileSync(join(projectRoot, 'tsconfig.base.json'), 'utf8'));
    const own = JSON.parse(readFileSync(join(projectRoot, 'protocol/tsconfig.json'), 'utf8'));
    const { lib, types } = { ...base.compilerOptions, ...own.compilerOptions };
    expect({ lib, types }).toEqual({ lib: ['es2023'], types: [] });
  });

  test.each([
    ['apache-arrow', /^protocol\/arrow\/from-values\.ts$/],
    ['zeromq', /^(gateway\/bus\/|producer\/(bus|curve)-socket\.ts$)/],
    ['echarts', /^(ui\/chart|gateway\/charts)\//],
    ['fastify', /^gateway\//],
    ['@nats-io', /^gateway\/log\/nats\//],
    ['lit', /^ui\//],
  ])('load %s in its one place alone', (library, place) => {
    const elsewhere = product.filter(({ path }) => !place.test(path));
    const loads = (to: string, isTypeOnly: boolean) =>
      !isTypeOnly && (to === library || to.startsWith(`${library}/`));
    expect(offenders(elsewhere, loads)).toEqual([]);
    expect(offenders(product, loads)).not.toEqual([]);
  });

  test('make no cycles, types included', () => {
    expect(importCycles(everything).map((cycle) => cycle.join(' → '))).toEqual([]);
  });
});

describe('files', () => {
  /** Longer than others, with the reason. */
  const LONG_FILES = new Map([
    // One decoder of one record batch: its branches share the cursors over nodes, buffers and variadic counts.
    ['protocol/arrow/batch-reader.ts', 350],
  ]);

  test('have at most 300 lines', () => {
    const long = everything.filter(({ path, lineCount }) => lineCount > (LONG_FILES.get(path) ?? 300));
    expect(long.map(({ path, lineCount }) => `${path}: ${lineCount}`)).toEqual([]);
  });

  test('have names in kebab case', () => {
    const name = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|bench|model|config|d))*\.(ts|mjs|js)$/;
    expect(
      everything.filter(({ path }) => !name.test(path.split('/').at(-1)!)).map(({ path }) => path),
    ).toEqual([]);
  });

  test('have no default export but tool configurations', () => {
    const having = everything.filter(
      ({ path, text }) =>
        !/\.config\.ts$/.test(path) && /^export (default\b|\{[^}]*\bas default\b)/m.test(text),
    );
    expect(having.map(({ path }) => path)).toEqual([]);
  });
});
