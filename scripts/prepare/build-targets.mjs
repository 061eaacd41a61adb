// What is built from what. A target is out of date when its outputs are missing or its inputs are not those of its
// last build, which a stamp beside the outputs records.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fingerprint } from './fingerprint.mjs';

/**
 * @typedef {object} BuildTarget
 * @property {string} name as people read it
 * @property {readonly string[]} inputs
 * @property {readonly string[]} outputs
 * @property {string} tool the JavaScript tool, below the project's folder
 * @property {readonly string[]} args
 * @property {readonly string[]} argsWhenOutputsAreMissing
 */

const clientInputs = [
  'ui/client',
  'ui/back-off.ts',
  'ui/connection.ts',
  'ui/replica.ts',
  'ui/grid/cells/cell-text.ts',
];
const elementsScript = [
  'build',
  'ui/elements',
  '--config',
  'ui/vite-elements.config.ts',
  '--logLevel',
  'warn',
];
const clientScript = ['build', 'ui/client', '--config', 'ui/vite-client.config.ts', '--logLevel', 'warn'];

const programInputs = [
  'protocol',
  'producer',
  'gateway',
  ...clientInputs,
  'ui/terminal',
  'package-lock.json',
  'tsconfig.base.json',
];
const programs = ['build', '--config', 'vite-programs.config.ts', '--logLevel', 'warn'];

/** @type {readonly BuildTarget[]} */
export const buildTargets = [
  {
    name: 'programs',
    inputs: [...programInputs, 'vite-programs.config.ts', 'ui/third-party.ts'],
    outputs: ['dist/programs/gateway.js'],
    tool: 'node_modules/vite/bin/vite.js',
    args: programs,
    argsWhenOutputsAreMissing: programs,
  },
  {
    name: 'modules',
    inputs: [...programInputs, 'tsconfig.json'],
    outputs: ['dist/gateway/gateway.js', 'dist/producer/index.js', 'dist/ui/client/node.js'],
    tool: 'node_modules/typescript/bin/tsc',
    args: ['--build', 'gateway', 'producer', 'ui/terminal'],
    // tsc trusts its own record and would not write again what somebody deleted.
    argsWhenOutputsAreMissing: ['--build', '--force', 'gateway', 'producer', 'ui/terminal'],
  },
  {
    name: 'fonts',
    inputs: ['gateway/charts/fonts'],
    outputs: ['dist/gateway/charts/fonts/DejaVuSans.ttf'],
    tool: 'scripts/prepare/copy-folder.mjs',
    args: ['gateway/charts/fonts', 'dist/gateway/charts/fonts'],
    argsWhenOutputsAreMissing: ['gateway/charts/fonts', 'dist/gateway/charts/fonts'],
  },
  {
    name: 'Python module',
    inputs: ['producer/python/tablecast.py'],
    outputs: ['dist/python/tablecast.py'],
    tool: 'scripts/prepare/copy-folder.mjs',
    args: ['producer/python/tablecast.py', 'dist/python/tablecast.py'],
    argsWhenOutputsAreMissing: ['producer/python/tablecast.py', 'dist/python/tablecast.py'],
  },
  {
    name: 'page',
    inputs: ['protocol', 'ui', 'package-lock.json', 'tsconfig.base.json'],
    outputs: ['dist/page/index.html'],
    tool: 'node_modules/vite/bin/vite.js',
    args: ['build', 'ui', '--logLevel', 'warn'],
    argsWhenOutputsAreMissing: ['build', 'ui', '--logLevel', 'warn'],
  },
  {
    name: 'client script',
    inputs: [
      'protocol',
      ...clientInputs,
      'ui/vite-client.config.ts',
      'ui/third-party.ts',
      'ui/without-decoders.ts',
      'package-lock.json',
      'tsconfig.base.json',
    ],
    outputs: ['dist/client/client.js'],
    tool: 'node_modules/vite/bin/vite.js',
    args: clientScript,
    argsWhenOutputsAreMissing: clientScript,
  },
  {
    name: 'elements script',
    inputs: ['protocol', 'ui', 'package-lock.json', 'tsconfig.base.json'],
    outputs: ['dist/elements/elements.js'],
    tool: 'node_modules/vite/bin/vite.js',
    args: elementsScript,
    argsWhenOutputsAreMissing: elementsScript,
  },
];

/** @param {string} root @param {BuildTarget} target */
export function hasOutputs(root, target) {
  return target.outputs.every((path) => existsSync(join(root, path)));
}

/** @param {string} root @param {BuildTarget} target */
export function isUpToDate(root, target) {
  if (!hasOutputs(root, target)) return false;
  try {
    return readFileSync(stampPath(root, target), 'utf8') === fingerprint(root, target.inputs);
  } catch {
    return false;
  }
}

/** @param {string} root @param {BuildTarget} target @param {string} inputs their fingerprint before the build began */
export function markBuilt(root, target, inputs) {
  const path = stampPath(root, target);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, inputs);
}

/** @param {string} root @param {BuildTarget} target */
export function markOutOfDate(root, target) {
  rmSync(stampPath(root, target), { force: true });
}

/** @param {string} root @param {BuildTarget} target */
function stampPath(root, target) {
  return join(root, 'dist', '.stamps', target.name);
}
