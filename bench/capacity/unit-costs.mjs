// What one of each costs at a gateway on a shared log, as `npm run bench -- --only costs --json` measures it.
import { readFileSync } from 'node:fs';

/**
 * Of one core's time, unless a name says otherwise.
 * @typedef {object} UnitCosts
 * @property {number} gatewayIdleMsPerS a gateway that has nothing to do
 * @property {number} viewerIdleUsPerS a viewer that is told nothing but heartbeats
 * @property {number} notificationUs a commit told to a viewer that has none of its tables
 * @property {number} deliveryUs a commit with data told to a viewer, and
 * @property {number} deliveryUsPerKb for its bytes
 * @property {number} foldMessageUs a publication read from the log and folded, and
 * @property {number} foldRowNs for its rows where they are appended, or
 * @property {number} foldUpsertRowNs where they are written by key
 * @property {number} intakeMessageUs at the gateway that a publication comes to, beside folding, and
 * @property {number} intakeRowNs for its rows
 * @property {number} encodeRowNs a commit's rows encoded for viewers who want the same
 * @property {number} joinUs a viewer that connects and subscribes, what it is sent apart
 * @property {number} gatewayMb resident memory of a gateway,
 * @property {number} viewerKb of a viewer
 * @property {number} rowBytes and of a row of 48 bytes
 * @property {number} natsMessageUs a publication stored by a NATS server, or sent by it to one gateway, and
 * @property {number} natsUsPerMb for its bytes
 * @property {number} logDelayP50Ms from publishing to a viewer of another gateway, with next to nothing else to do
 * @property {number} logDelayP99Ms
 */

/** @type {readonly (keyof UnitCosts)[]} */
const names = [
  'gatewayIdleMsPerS',
  'viewerIdleUsPerS',
  'notificationUs',
  'deliveryUs',
  'deliveryUsPerKb',
  'foldMessageUs',
  'foldRowNs',
  'foldUpsertRowNs',
  'intakeMessageUs',
  'intakeRowNs',
  'encodeRowNs',
  'joinUs',
  'gatewayMb',
  'viewerKb',
  'rowBytes',
  'natsMessageUs',
  'natsUsPerMb',
  'logDelayP50Ms',
  'logDelayP99Ms',
];

/** The costs that are kept here, with the machine and the day they were measured at. */
export const keptCostsPath = new URL('measured-costs.json', import.meta.url);

/** @typedef {{ costs: UnitCosts, measuredAt: string }} Measured */

/** @param {string | URL} path @returns {Measured} @throws Error that says what is wrong with the file */
export function readUnitCosts(path) {
  return parseUnitCosts(readFileSync(path, 'utf8'));
}

/** @param {string} text what the benchmark `costs` prints with --json @returns {Measured} @throws Error that names what is missing */
export function parseUnitCosts(text) {
  const { detail = {}, context = {} } =
    /** @type {{ detail?: Partial<UnitCosts>, context?: Record<string, string> }} */ (JSON.parse(text));
  for (const name of names) {
    const cost = detail[name];
    if (typeof cost !== 'number' || !(cost >= 0))
      throw new Error(
        `The costs lack ${name}, a number of at least 0; npm run bench -- --only costs --json measures all.`,
      );
  }
  return { costs: /** @type {UnitCosts} */ (detail), measuredAt: Object.values(context).join(', ') };
}
