import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';

const dist = join(projectRoot, 'dist');
/** What a module needs before it runs: `import … from "./x.js"`, `import "./x.js"`, `export … from "./x.js"`. */
const STATIC_IMPORT = /(?:^|[;}])(?:import|export)(?:[^;()'"`]*?from)?["'](\.[^"']+)["']/g;

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
  ['elements.js with its first chart', 275, ['elements/elements.js', ...CHART]],
  ['client.js', 45, ['client/client.js']],
] as const)('%s is at most %i kB', (_, limit, files) => {
  expect(kilobytes(...files)).toBeLessThanOrEqual(limit);
});
