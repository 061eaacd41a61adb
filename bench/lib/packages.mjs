// The packages that the benchmarks run on: those of the project itself, and the peers, which may be missing.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const projectRequire = createRequire(new URL('../../package.json', import.meta.url));
const benchRequire = createRequire(import.meta.url);

/**
 * The project's own copy: a peer may bring another version, which an import from here would find first.
 * @param {string} name
 */
export function projectPackage(name) {
  return projectRequire(name);
}

/** @param {'gateway/gateway.js' | 'gateway/config.js' | 'protocol/table/replica-table.js' | 'protocol/arrow/read-ipc.js'} path below dist/ @returns {string} for `import()` */
export function builtModule(path) {
  return new URL(`../../dist/${path}`, import.meta.url).href;
}

/** Where the built page lies. */
export const pageDirectory = fileURLToPath(new URL('../../dist/page/', import.meta.url));

/** @param {'perspective' | 'socket.io'} peer */
export function isPeerInstalled(peer) {
  const name =
    peer === 'perspective' ? '@perspective-dev/viewer-datagrid/package.json' : `${peer}/package.json`;
  try {
    benchRequire.resolve(name);
    return true;
  } catch {
    return false;
  }
}
