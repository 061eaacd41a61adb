import { setTimeout as delay } from 'node:timers/promises';
import { scenarioOf } from '../capacity/scenario.mjs';
import { simulate } from '../capacity/simulate.mjs';
import { keptCostsPath, readUnitCosts } from '../capacity/unit-costs.mjs';
import { withChildren } from '../lib/child.mjs';
import { sharedNowMs } from '../lib/clock.mjs';
import { withNatsServer } from '../lib/nats-server.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';
import { openSharedLog } from '../lib/shared-log.mjs';
import { gatewayTarget } from '../lib/viewer-targets.mjs';

const table = 'capacity';
const gateways = 2;
/** Viewers of each gateway whose delays are taken, served amid the others. */
const timedEach = 10;
/** When ui/back-off.ts has all viewers try again that lost their gateway. */
const backOffMs = 100;

/** Publications that show by themselves, of one table. */
const works = [
  { name: 'small', viewers: 400, perSecond: 20, rows: 10, heldRows: 2000 },
  { name: 'large', viewers: 1000, perSecond: 10, rows: 300, heldRows: 6000 },
];

/** @typedef {typeof works[number]} Work */

/** @type {import('../lib/case.mjs').BenchCase} */
export const capacity = {
  name: 'capacity',
  about: 'what npm run capacity foretells of two gateways with 400 and 1,000 viewers, and what they do',
  isLong: true,
  run(context) {
    return withNatsServer(context.note, async (nats) => {
      let streams = 0;
      const results = [];
      for (const work of works) {
        const contenders = {
          measured: () => serve(context, { nats, stream: `capacity-${streams++}`, work }),
          simulated: async () => foretell(work, streams),
        };
        const figures = await race({ rounds: context.rounds, contenders, warmUp: false });
        results.push(...toResults(work, figures));
      }
      return results;
    });
  },
};

/** @param {Work} work @param {number} seed @returns {import('../lib/rounds.mjs').Figures} */
function foretell({ viewers, perSecond, rows, heldRows }, seed) {
  const scenario = scenarioOf({
    viewers,
    rowsPerSecond: perSecond * rows,
    rowsPerPublication: rows,
    tables: 1,
    rowsPerTable: heldRows,
    commitsPerSecond: 0,
    slowShare: 0,
    // The gateway that takes publications reads the log as another server would.
    replicas: 2,
    seed,
  });
  const { costs } = readUnitCosts(keptCostsPath);
  // The gateways with viewers take no publications.
  const followerCosts = { ...costs, intakeMessageUs: 0, intakeRowNs: 0 };
  const { gateway } = simulate(scenario, followerCosts, { logs: 1, gateways });
  const { utilization, gbit, deliveriesPerSecond, p50Ms, p99Ms } = gateway.steady;
  return {
    cpuPercent: utilization * 100,
    cpuUsEach: (utilization * 1e6) / deliveriesPerSecond,
    mbit: gbit * 1000,
    deliveriesPerSecond,
    p50Ms,
    p99Ms,
    recoveredMs: gateway.recoveredMs,
  };
}

/**
 * @param {import('../lib/case.mjs').BenchContext} context
 * @param {{ nats: import('../lib/nats-server.mjs').NatsServer, stream: string, work: Work }} run
 */
function serve({ smoke, profile }, { nats, stream, work }) {
  const roundMs = smoke ? 500 : 8000;
  const each = work.viewers / gateways;
  return withChildren({ profile }, async (start) => {
    const { sender, address, followers } = await openSharedLog({
      start,
      natsUrl: nats.url,
      stream,
      followers: gateways,
    });
    const [timed, ...crowds] = ['table-viewers', 'viewers', 'viewers'].map(start);
    for (const [i, { port }] of followers.entries()) {
      const { target, greetings } = gatewayTarget(port, { table });
      const half = (each - timedEach) / 2;
      await crowds[i].call('connect', target, { count: half, greetings });
      await timed.call('connect', { kind: 'gateway', port, table, count: timedEach });
      await crowds[i].call('connect', target, { count: half, greetings });
    }
    const header = { op: 'append', retention: { max_rows: work.heldRows } };
    const { perSecond, rows } = work;
    await sender.call('pace', { address, header, perSecond, rows, keyed: false, table, seed: 1 });
    // Long enough for the table to be as large as it becomes.
    await delay(smoke ? roundMs : Math.max(roundMs / 2, (work.heldRows / rows / perSecond) * 1100));
    const figures = await observe({ followers, crowds, timed, roundMs, each });
    const recoveredMs = await die({ followers, crowds, each, heldRows: smoke ? 0 : work.heldRows });
    await sender.call('stopPacing');
    return { ...figures, recoveredMs };
  });
}

/**
 * @typedef {object} Serving
 * @property {import('../lib/shared-log.mjs').Follower[]} followers
 * @property {import('../lib/child.mjs').Child[]} crowds
 * @property {number} each viewers of a gateway
 */

/** @param {Serving & { timed: import('../lib/child.mjs').Child, roundMs: number }} serving */
async function observe({ followers, crowds, timed, roundMs, each }) {
  const totals = async () => {
    const all = await Promise.all(crowds.map((crowd) => crowd.call('totals')));
    return {
      binaries: all.reduce((sum, { binaries }) => sum + binaries, 0),
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  };
  const usage = () => Promise.all(followers.map(({ gateway }) => gateway.call('usage')));
  const before = await totals();
  await timed.call('reset');
  await usage();
  const startedAt = performance.now();
  await delay(roundMs);
  const [after, used, times] = [await totals(), await usage(), await timed.call('figures')];
  const tookS = (performance.now() - startedAt) / 1000;
  // Those who are timed are not counted.
  const share = each / (each - timedEach) / gateways;
  const cpuPercent = used.reduce((sum, one) => sum + one.cpuPercent, 0) / gateways;
  const deliveriesPerSecond = ((after.binaries - before.binaries) / tookS) * share;
  return {
    cpuPercent,
    cpuUsEach: (cpuPercent * 1e4) / deliveriesPerSecond,
    mbit: (((after.bytes - before.bytes) * 8) / 1e6 / tookS) * share,
    deliveriesPerSecond,
    p50Ms: times.p50Ms,
    p99Ms: times.p99Ms,
  };
}

/** A gateway dies, and its viewers come to the other with nothing. @param {Serving & { heldRows: number }} serving @returns {Promise<number>} milliseconds until all have their snapshot */
async function die({ followers, crowds, each, heldRows }) {
  const [dying, other] = followers;
  const diedAtMs = sharedNowMs();
  void dying.gateway.close();
  await delay(backOffMs);
  const { target, greetings } = gatewayTarget(other.port, { table });
  const snapshot = { greetings, bytes: heldRows * 48 };
  return (await crowds[0].call('connect', target, { count: each, atOnce: each, ...snapshot })) - diedAtMs;
}

const units = {
  cpuPercent: '% of a core, each gateway',
  cpuUsEach: 'µs of a core per delivery',
  mbit: 'Mbit/s to viewers, each gateway',
  deliveriesPerSecond: 'deliveries/s, each gateway',
  p50Ms: 'ms to a viewer',
  p99Ms: 'ms to a viewer',
  recoveredMs: 'ms from a death to its viewers served again',
};

/** @param {Work} work @param {Record<string, import('../lib/rounds.mjs').Figures>} figures */
function toResults({ name }, { simulated, measured }) {
  return Object.entries(units).map(([figure, unit]) =>
    result({
      name: `capacity-${name}-${figure}`,
      unit: `${unit}, simulated`,
      ours: simulated[figure],
      peers: { measured: measured[figure] },
      goal: {},
    }),
  );
}
