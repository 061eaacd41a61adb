import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';

const dist = join(projectRoot, 'dist');
/** What a module needs before it runs: `import … from "./x.js"`, `import "./x.js"`, `export … from "./x.js"`. */
const STATIC_IMPORT = /(?:^|[;}])(?:import|export)(?:[^;()'"`]*?from)?["'](\.[^"']+)["']/g;

/** Of other packages, in what runs in Node: `import … from "x"`, `import "x"`, `import("x")`, `require("x")`. */
const PACKAGE_IMPORT = /(?:^import (?:[^;"]* from )?|\bimport\(|__require\()"([^."][^"]*)"/gm;

/** `new URL('./chart-worker.js', import.meta.url)` */
const STARTED = /new URL\('\.\/([\w-]+\.js)', import\.meta\.url\)/g;

/** The files that come with this one, itself included. */
function closure(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  if (path.endsWith('.js'))
    for (const [, file = ''] of readFileSync(path, 'utf8').matchAll(STATIC_IMPORT))
      closure(join(dirname(path), file), found);
  return found;
}

/** Kilobytes (1000 bytes), gzipped, of these files of dist and all that they import at once; `*` stands for a hash. */
function kilobytes(...patterns: readonly string[]): number {
  const files = new Set<string>();
  for (const pattern of patterns) {
    const folder = join(dist, dirname(pattern));
    const [start = '', end = ''] = pattern.split('/').at(-1)!.split('*');
    const names = readdirSync(folder).filter((name) => name.startsWith(start) && name.endsWith(end));
    expect(names, pattern).toHaveLength(1);
    closure(join(folder, names[0]!), files);
  }
  return [...files].reduce((bytes, path) => bytes + gzipSync(readFileSync(path)).length, 0) / 1000;
}

const TABLE = 'elements/elements/grid-element-view-*.js';
const CHART = ['elements/elements/chart-element-view-*.js', 'elements/elements/chart-code-*.js'];

test.each([
  [
    'the page with its first table',
    120,
    ['page/index.html', 'page/assets/index-*.js', 'page/assets/index-*.css'],
  ],
  ['elements.js', 55, ['elements/elements.js']],
  ['elements.js with its first table', 95, ['elements/elements.js', TABLE]],
  ['elements.js with its first chart', 270, ['elements/elements.js', ...CHART]],
  ['client.js', 45, ['client/client.js']],
] as const)('%s is at most %i kB', (_, limit, files) => {
  expect(kilobytes(...files)).toBeLessThanOrEqual(limit);
});

test('programs start from few files: only what carries binaries, or is seldom used, is read as it is installed', () => {
  const folder = join(dist, 'programs');
  const found = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(PACKAGE_IMPORT)])
    .map(([, specifier = '']) => specifier)
    .filter((specifier) => !isBuiltin(specifier));
  const binaries = ['@resvg/resvg-js', 'lmdb', 'zeromq'];
  const neverLoaded = [
    '@fastify/ajv-compiler',
    '@fastify/fast-json-stringify-compiler',
    'light-my-request',
    'supports-color',
  ];
  const onePiece = ['echarts/dist/echarts.esm.mjs', 'systeminformation'];
  expect([...new Set(found)].sort()).toEqual([...binaries, ...neverLoaded, ...onePiece].sort());
});

test('each thread and process that a program starts is a program beside it', () => {
  const started = ['gateway', 'producer', 'ui/terminal', 'ui/client'].flatMap((part) =>
    readdirSync(join(projectRoot, part), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => [...readFileSync(join(projectRoot, part, path), 'utf8').matchAll(STARTED)])
      .map(([, name = '']) => name),
  );
  expect(started).toContain('chart-worker.js');
  const programs = readdirSync(join(dist, 'programs'));
  expect(started.filter((name) => !programs.includes(name))).toEqual([]);
});
