// Where the parts of the project lie, in a checked-out repository and in the installed package alike.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * @param {string} name as vite-programs.config.ts lists them
 * @param {string} [root]
 * @returns {string} the built program's main module
 */
export function builtProgram(name, root = projectRoot) {
  return join(root, 'dist', 'programs', `${name}.js`);
}
