import { setTimeout as delay } from 'node:timers/promises';
import { dataTopic } from '../lib/bus-messages.mjs';
import { withChildren } from '../lib/child.mjs';
import { withNatsServer } from '../lib/nats-server.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';
import { openSharedLog } from '../lib/shared-log.mjs';
import { gatewayTarget } from '../lib/viewer-targets.mjs';

/** 1 KB, ten times a second, to as many viewers at each gateway. */
const pace = {
  header: { op: 'append', retention: { max_rows: 10_000 } },
  perSecond: 10,
  rows: 1,
  keyed: false,
};
const counts = [1, 2, 4, 8];
const bytesPerKb = 1024;

/** @typedef {import('../lib/shared-log.mjs').Follower} Follower */

/** @type {import('../lib/case.mjs').BenchCase} */
export const scale = {
  name: 'scale',
  about: '1, 2, 4 and 8 gateways on one NATS log, each with as many viewers: processor time per delivery',
  isLong: true,
  run(context) {
    return withNatsServer(context.note, async (nats) => {
      let streams = 0;
      const contenders = Object.fromEntries(
        counts.map((gateways) => [
          `gateways ${gateways}`,
          () => deliver(context, { nats, gateways, stream: `scale-${streams++}` }),
        ]),
      );
      // Each run takes processes of its own and warms them up itself.
      return toResults(await race({ rounds: context.rounds, contenders, warmUp: false }));
    });
  },
};

/**
 * @param {import('../lib/case.mjs').BenchContext} context
 * @param {{ nats: import('../lib/nats-server.mjs').NatsServer, gateways: number, stream: string }} work
 */
function deliver({ smoke, profile }, { nats, gateways, stream }) {
  const viewersEach = smoke ? 10 : 500;
  const roundMs = smoke ? 500 : 6000;
  return withChildren({ profile }, async (start) => {
    const log = await openSharedLog({ start, natsUrl: nats.url, stream, followers: gateways });
    const viewers = start('viewers');
    const heapKbEach = [];
    for (const follower of log.followers) heapKbEach.push(await connect(viewers, follower, viewersEach));
    await log.sender.call('pace', { address: log.address, ...pace });
    await delay(roundMs / 2);
    const before = { totals: await viewers.call('totals'), natsMs: nats.cpuMs(), ...(await usageOf(log)) };
    const startedAt = performance.now();
    await delay(roundMs);
    const totals = await viewers.call('totals');
    const tookS = (performance.now() - startedAt) / 1000;
    const { cpuMs, intakeCpuMs } = await usageOf(log);
    await log.sender.call('stopPacing');
    const deliveries = totals.binaries - before.totals.binaries;
    return {
      cpuUsEach: (cpuMs * 1000) / deliveries,
      perSecond: deliveries / tookS,
      conflated: Math.max(0, 1 - deliveries / (gateways * viewersEach * pace.perSecond * tookS)),
      heapKbEach: heapKbEach.reduce((sum, kb) => sum + kb, 0) / gateways,
      intakeCpuPercent: intakeCpuMs / tookS / 10,
      natsCpuPercent: (nats.cpuMs() - before.natsMs) / tookS / 10,
    };
  });
}

/** @param {import('../lib/child.mjs').Child} viewers @param {Follower} follower @param {number} count @returns {Promise<number>} KB of heap for each viewer */
async function connect(viewers, { gateway, port }, count) {
  const { target, greetings } = gatewayTarget(port, { table: dataTopic });
  // What the first connections load is not theirs.
  await viewers.call('connect', target, { count: count / 10, greetings });
  const before = await gateway.call('memory');
  const rest = count - count / 10;
  await viewers.call('connect', target, { count: rest, greetings });
  const after = await gateway.call('memory');
  return (usedBytes(after) - usedBytes(before)) / rest / bytesPerKb;
}

/** What is in use: so few viewers are less than what the system rounds resident memory by. @param {{ heapUsed: number, external: number }} memory */
function usedBytes({ heapUsed, external }) {
  return heapUsed + external;
}

/** Processor time since the last call, of the gateways that have viewers, and of the one that has none. @param {import('../lib/shared-log.mjs').SharedLog} log */
async function usageOf({ followers, intake }) {
  const [own, ...others] = await Promise.all(
    [intake, ...followers.map(({ gateway }) => gateway)].map((gateway) => gateway.call('usage')),
  );
  return { intakeCpuMs: own.cpuMs, cpuMs: others.reduce((sum, { cpuMs }) => sum + cpuMs, 0) };
}

/** @param {Record<string, import('../lib/rounds.mjs').Figures>} figures */
function toResults(figures) {
  const single = figures[`gateways ${counts[0]}`];
  const perCoreSecond = (/** @type {import('../lib/rounds.mjs').Figures} */ { cpuUsEach }) => 1e6 / cpuUsEach;
  return counts.map((gateways) => {
    const of = figures[`gateways ${gateways}`];
    return result({
      name: `scale-${gateways}`,
      unit: 'deliveries per core second',
      ours: perCoreSecond(of),
      peers: { 'one gateway': perCoreSecond(single) },
      goal: { 'one gateway': '>= 0.9' },
      detail: of,
    });
  });
}
