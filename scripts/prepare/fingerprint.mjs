// Tells whether anything changed since a build, without reading any file: the paths, sizes and modification times of
// all sources, as one hash. Unlike "newer than the stamp" it also sees files that were deleted, moved or put back.
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ignoredNames = new Set(['node_modules', 'dist']);

/**
 * @param {string} root
 * @param {readonly string[]} paths files and folders below root; those that are not there count too
 * @returns {string}
 */
export function fingerprint(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths) addPath(hash, root, path);
  return hash.digest('hex');
}

/** @param {import('node:crypto').Hash} hash @param {string} root @param {string} path */
function addPath(hash, root, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats === undefined) hash.update(`${path}\0absent\n`);
  else if (!stats.isDirectory()) hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`);
  else {
    for (const name of readdirSync(join(root, path)).sort()) {
      if (!ignoredNames.has(name) && !name.startsWith('.')) addPath(hash, root, `${path}/${name}`);
    }
  }
}
