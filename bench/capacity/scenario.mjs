// What is to be served, and on what: the command line of npm run capacity.
import { parseArgs } from 'node:util';

/** Every setting: its default and what it means. */
export const settings = /** @type {const} */ ({
  viewers: [1000, 'viewers at one time'],
  rowsPerSecond: [10_000, 'rows published a second, over all tables'],
  rowsPerPublication: [1000, 'rows of one publication'],
  bytesPerRow: [48, 'of Arrow data'],
  tables: [100, 'tables that are published'],
  tablesPerViewer: [1, 'tables that a viewer follows'],
  rowsPerTable: [10_000, 'rows that a table holds'],
  commitsPerSecond: [1, '/update_data a second on each log; 0: publications show by themselves'],
  keyed: [0, '1: rows are written by key; 0: they are appended'],
  slowShare: [0.01, 'share of viewers on a slow line'],
  slowMbit: [1, 'what a slow line takes, Mbit/s'],
  snapshotShare: [1, 'share of viewers that need a snapshot when they come back'],
  gatewayGbit: [10, 'what the network of a gateway takes, Gbit/s'],
  natsGbit: [10, 'what the network of a NATS server takes, Gbit/s'],
  natsCores: [4, 'cores of a NATS server'],
  replicas: [3, 'NATS servers that keep each entry'],
  maxViewers: [10_000, 'of one gateway: its --max-viewers'],
  maxUtilization: [0.6, 'share of a core, and of a network, that may be in use'],
  maxP99Ms: [1000, 'delay that 99 of 100 deliveries may have, milliseconds'],
  recoveryS: [10, 'seconds after which the viewers of a gateway that died are to be served again'],
  seconds: [20, 'seconds that are simulated; a gateway dies after half of them'],
  seed: [1, 'another one makes other arrivals'],
  logs: [0, 'logs that the tables are spread over; 0: as few as will do'],
  gateways: [0, 'gateways of each log; 0: as few as will do'],
});

/** @typedef {{ -readonly [name in keyof typeof settings]: number }} Scenario */
/** @typedef {Scenario & { costs: string | null, json: boolean, help: boolean }} CapacityOptions */

/** A command line that cannot be followed; the message is one line for people. */
export class UsageError extends Error {}

const wholeAndPositive = /** @type {const} */ ([
  'viewers',
  'rowsPerPublication',
  'tables',
  'tablesPerViewer',
  'replicas',
  'maxViewers',
]);
const positive = /** @type {const} */ ([
  'bytesPerRow',
  'slowMbit',
  'gatewayGbit',
  'natsGbit',
  'natsCores',
  'maxUtilization',
]);

/** @param {Partial<Scenario>} [given] @returns {Scenario} @throws UsageError */
export function scenarioOf(given = {}) {
  const defaults = Object.fromEntries(Object.entries(settings).map(([name, [value]]) => [name, value]));
  const scenario = /** @type {Scenario} */ ({ ...defaults, ...given });
  for (const [name, value] of Object.entries(scenario))
    if (!Number.isFinite(value) || value < 0)
      throw new UsageError(`${flagOf(name)} is a number of at least 0`);
  for (const name of wholeAndPositive)
    if (!Number.isInteger(scenario[name]) || scenario[name] < 1)
      throw new UsageError(`${flagOf(name)} is a whole number of at least 1`);
  for (const name of positive)
    if (scenario[name] === 0) throw new UsageError(`${flagOf(name)} is more than 0`);
  for (const name of /** @type {const} */ (['slowShare', 'snapshotShare', 'maxUtilization']))
    if (scenario[name] > 1) throw new UsageError(`${flagOf(name)} is a share, 1 at most`);
  if (scenario.seconds < 8)
    throw new UsageError('--seconds is at least 8: less has no time for a death and a return');
  if (scenario.tablesPerViewer > scenario.tables)
    throw new UsageError('--tables-per-viewer is at most --tables');
  return scenario;
}

/** @param {readonly string[]} args @returns {CapacityOptions} @throws UsageError */
export function parseCapacityOptions(args) {
  const flags = Object.fromEntries(
    Object.keys(settings).map((name) => [flagOf(name).slice(2), { type: /** @type {const} */ ('string') }]),
  );
  const others = /** @type {const} */ ({
    costs: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  });
  /** @type {Record<string, string | boolean | undefined>} */
  let values;
  try {
    values = parseArgs({ args: [...args], options: { ...flags, ...others } }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  /** @type {Partial<Scenario>} */
  const given = {};
  for (const name of /** @type {(keyof Scenario)[]} */ (Object.keys(settings))) {
    const text = values[flagOf(name).slice(2)];
    if (text !== undefined) given[name] = text === '' ? Number.NaN : Number(text);
  }
  const costs = typeof values.costs === 'string' ? values.costs : null;
  return { ...scenarioOf(given), costs, json: values.json === true, help: values.help === true };
}

/** @param {string} name @returns {string} rowsPerSecond → --rows-per-second */
function flagOf(name) {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

export function usage() {
  const lines = Object.entries(settings).map(
    ([name, [value, meaning]]) => `  ${flagOf(name).padEnd(24)} ${meaning} (${value})`,
  );
  return [
    'Usage: npm run capacity -- [flags]',
    ...lines,
    `  ${'--costs FILE'.padEnd(24)} what npm run bench -- --only costs --json printed, instead of the costs kept here`,
    `  ${'--json'.padEnd(24)} the plan as one line of JSON`,
  ].join('\n');
}
