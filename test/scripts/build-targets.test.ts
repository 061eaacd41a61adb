import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type BuildTarget,
  isUpToDate,
  markBuilt,
  markOutOfDate,
} from '../../scripts/prepare/build-targets.mjs';
import { fingerprint } from '../../scripts/prepare/fingerprint.mjs';

const target: BuildTarget = {
  name: 'example',
  inputs: ['source', 'settings.json'],
  outputs: ['dist/main.js'],
  tool: 'unused',
  args: [],
  argsWhenOutputsAreMissing: [],
};

describe('a build target', () => {
  let root: string;

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tablecast-build-'));
    write('source/a.ts', 'one');
    write('source/deep/b.ts', 'two');
    write('settings.json', '{}');
    write('dist/main.js', 'built');
    markBuilt(root, target, fingerprint(root, target.inputs));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is up to date after its build', () => {
    expect(isUpToDate(root, target)).toBe(true);
  });

  const changes: readonly [string, () => void][] = [
    ['a file is edited', () => write('source/a.ts', 'other')],
    [
      'a file is touched',
      () => utimesSync(join(root, 'settings.json'), new Date(), new Date(Date.now() + 1000)),
    ],
    [
      'a file is put back with an older time',
      () => {
        write('source/a.ts', 'old');
        utimesSync(join(root, 'source/a.ts'), new Date(0), new Date(0));
      },
    ],
    ['a file is new', () => write('source/deep/c.ts', 'three')],
    ['a file is deleted', () => rmSync(join(root, 'source/deep/b.ts'))],
    ['a file is renamed', () => renameSync(join(root, 'source/a.ts'), join(root, 'source/z.ts'))],
    ['an output is missing', () => rmSync(join(root, 'dist/main.js'))],
    ['the last build failed', () => markOutOfDate(root, target)],
  ];

  it.each(changes)('is out of date when %s', (_title, change) => {
    change();
    expect(isUpToDate(root, target)).toBe(false);
  });

  it('does not mind what is not its input', () => {
    write('elsewhere/x.ts', 'new');
    write('source/.hidden', 'new');
    write('source/node_modules/x/index.js', 'new');
    expect(isUpToDate(root, target)).toBe(true);
  });

  it('does not write to its inputs when it looks at them', () => {
    const before = statSync(join(root, 'source')).mtimeMs;
    isUpToDate(root, target);
    expect(statSync(join(root, 'source')).mtimeMs).toBe(before);
  });
});
