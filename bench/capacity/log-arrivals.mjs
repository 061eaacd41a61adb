// What a log hands to its gateways, and when: publications come independently, are stored by the server that leads the
// stream, one after the other, and reach every gateway in that order.
import { delayOf, nextArrivalMs } from './random-draws.mjs';

const bytesPerMb = 1024 ** 2;
/** Of a publication beside its rows: schema, framing, header. */
const publicationBytes = 1000;
/** What passes within so long is delayed together: a pause of a server or of a network holds up all that comes then. */
const delayedTogetherMs = 20;

/**
 * What one log and one of its gateways carry.
 * @typedef {object} LogLoad
 * @property {number} gateways
 * @property {number} viewers of one gateway
 * @property {number} groups of viewers who want the same tables
 * @property {number} publicationsPerSecond
 *
 * @typedef {{ kind: 'publication', group: number, isOwn: boolean, sentMs: number }} Publication
 * @typedef {{ kind: 'commit', sentMs: number }} Commit
 * @typedef {(Publication | Commit) & { atMs: number }} LogArrival `isOwn`: it came to this gateway
 *
 * @typedef {object} LogServer what the server that leads the stream has to do
 * @property {number} messageMs its service time of one publication
 * @property {number} utilization of its cores or its network, whichever is more; 1 and more is too much
 * @property {number} cores in use, of those that keep copies too
 * @property {number} gbit a second, outgoing; those that keep copies send nothing
 */

/** @param {import('./scenario.mjs').Scenario} scenario */
export function publicationSize({ rowsPerPublication, bytesPerRow }) {
  return publicationBytes + rowsPerPublication * bytesPerRow;
}

/**
 * @param {import('./scenario.mjs').Scenario} scenario @param {import('./unit-costs.mjs').UnitCosts} costs @param {LogLoad} load
 * @returns {LogServer}
 */
export function logServer(scenario, costs, { gateways, publicationsPerSecond }) {
  const bytes = publicationSize(scenario);
  // The other servers that keep the entry are sent it too.
  const readers = gateways + scenario.replicas - 1;
  const onceUs = costs.natsMessageUs + (costs.natsUsPerMb * bytes) / bytesPerMb;
  const cpuMs = ((1 + readers) * onceUs) / 1000 / scenario.natsCores;
  const networkMs = (readers * bytes * 8) / (scenario.natsGbit * 1e6);
  const messageMs = Math.max(cpuMs, networkMs);
  return {
    messageMs,
    utilization: (messageMs * publicationsPerSecond) / 1000,
    cores: ((1 + readers + scenario.replicas - 1) * onceUs * publicationsPerSecond) / 1e6,
    gbit: (readers * bytes * 8 * publicationsPerSecond) / 1e9,
  };
}

/**
 * @param {import('./scenario.mjs').Scenario} scenario @param {import('./unit-costs.mjs').UnitCosts} costs
 * @param {LogLoad} load
 * @param {{ random: () => number, delayRandom: () => number }} randoms
 * @returns {Generator<LogArrival, void>} in the order of the log, for as long as it is asked
 */
export function* logArrivals(scenario, costs, load, { random, delayRandom }) {
  const { messageMs } = logServer(scenario, costs, load);
  const way = { p50: costs.logDelayP50Ms, p99: Math.max(costs.logDelayP50Ms, costs.logDelayP99Ms) };
  const delayAt = delaysOf(delayRandom, way);
  const commitEveryMs =
    scenario.commitsPerSecond > 0 ? 1000 / scenario.commitsPerSecond : Number.POSITIVE_INFINITY;
  let publishMs = nextArrivalMs(random, load.publicationsPerSecond);
  let commitMs = commitEveryMs * (commitEveryMs === Number.POSITIVE_INFINITY ? 1 : random());
  let [storedMs, lastMs] = [0, 0];
  while (Math.min(publishMs, commitMs) < Number.POSITIVE_INFINITY) {
    const isCommit = commitMs < publishMs;
    const sentMs = isCommit ? commitMs : publishMs;
    storedMs = Math.max(storedMs, sentMs) + (isCommit ? 0 : messageMs);
    lastMs = Math.max(lastMs, storedMs + delayAt(storedMs));
    if (isCommit) {
      yield { kind: 'commit', sentMs, atMs: lastMs };
      commitMs += commitEveryMs;
    } else {
      const group = Math.floor(random() * load.groups);
      const isOwn = random() * load.gateways < 1;
      yield { kind: 'publication', group, isOwn, sentMs, atMs: lastMs };
      publishMs += nextArrivalMs(random, load.publicationsPerSecond);
    }
  }
}

/**
 * Delays are of the log's time: the same however much passes.
 * @param {() => number} random @param {{ p50: number, p99: number }} way
 * @returns {(atMs: number) => number} milliseconds; `atMs` never falls
 */
function delaysOf(random, way) {
  let [drawn, delayMs] = [0, 0];
  return (atMs) => {
    while (drawn * delayedTogetherMs <= atMs) {
      delayMs = delayOf(random, way);
      drawn += 1;
    }
    return delayMs;
  };
}
