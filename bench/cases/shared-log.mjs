// What a log that gateways share costs: against the log in memory, and against a bare publisher to the same NATS server.
import { setTimeout as delay } from 'node:timers/promises';
import { openLine } from '../lib/bus-line.mjs';
import { dataTopic, markerTopic } from '../lib/bus-messages.mjs';
import { withChildren } from '../lib/child.mjs';
import { withNatsServer } from '../lib/nats-server.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';

const paced = { perSecond: 100, rows: 10, header: { op: 'append', retention: { max_rows: 10_000 } } };
const burst = { rows: 1000, header: { op: 'append', retention: { max_rows: 1_000_000 } } };

/** @typedef {import('../lib/child.mjs').Child} Child */

/** @type {import('../lib/case.mjs').BenchCase} */
export const sharedLog = {
  name: 'shared-log',
  about:
    'publications over NATS: their way to a replica against memory, and how many against a bare publisher',
  isLong: true,
  run(context) {
    return withNatsServer(context.note, async ({ url }) => [
      await latency(context, url),
      await intake(context, url),
    ]);
  },
};

/** @param {import('../lib/case.mjs').BenchContext} context @param {string} url */
function latency({ rounds, smoke, profile }, url) {
  const roundMs = smoke ? 300 : 3000;
  return withChildren({ profile }, async (start) => {
    const sender = start('publisher');
    const open = async (/** @type {object} */ config) => {
      const line = await openLine(sender, start('gateway'), (address) => ({ connect: [address], ...config }));
      const viewer = start('latency-viewer');
      const { rows } = paced;
      await viewer.call('connectReplica', { port: line.started.port, table: dataTopic, rows });
      return { address: line.address, viewer };
    };
    const [nats, memory] = [await open({ log: url, logStream: 'latency' }), await open({})];
    const measure = async (/** @type {{ address: string, viewer: Child }} */ { address, viewer }) => {
      await sender.call('pace', { address, ...paced, keyed: false });
      await delay(roundMs / 10);
      await viewer.call('reset');
      await delay(roundMs);
      const { p50Ms, p99Ms, samples } = await viewer.call('figures');
      await sender.call('stopPacing');
      return { p50Ms, p99Ms, samples };
    };
    const figures = await race({
      rounds,
      contenders: { nats: () => measure(nats), memory: () => measure(memory) },
    });
    return result({
      name: 'shared-log-latency',
      unit: 'ms more than in memory, p50',
      ours: figures.nats.p50Ms - figures.memory.p50Ms,
      peers: {},
      goal: { ours: '<= 3' },
      detail: {
        natsP50Ms: figures.nats.p50Ms,
        memoryP50Ms: figures.memory.p50Ms,
        natsP99Ms: figures.nats.p99Ms,
        memoryP99Ms: figures.memory.p99Ms,
        samples: figures.nats.samples,
      },
    });
  });
}

/** @param {import('../lib/case.mjs').BenchContext} context @param {string} url */
function intake({ rounds, smoke, profile, note }, url) {
  const { rows, header } = burst;
  const data = { rows, key: 'none', keys: 0, pool: smoke ? 2 : 32 };
  const count = smoke ? 20 : 2000;
  return withChildren({ profile }, async (start) => {
    const [sender, bare] = [start('publisher'), start('nats-publisher')];
    const messageBytes = await sender.call('load', data);
    note(`${count} messages of ${messageBytes} bytes per round`);
    await bare.call('open', { url, data });
    const open = (/** @type {object} */ config) =>
      openLine(sender, start('gateway'), (line) => ({ connect: [line], ...config }));
    const [nats, memory] = [await open({ log: url, logStream: 'intake' }), await open({})];
    const taken = async (/** @type {import('../lib/bus-line.mjs').BusLine} */ { address, receiver }) => {
      await receiver.call('arm', markerTopic);
      await receiver.call('usage');
      const startedAtMs = await sender.call('burst', { address, header, count });
      const tookMs = (await receiver.call('reached', markerTopic)) - startedAtMs;
      const { cpuPercent } = await receiver.call('usage');
      return { perSecond: (count * 1000) / tookMs, cpuPercent };
    };
    const figures = await race({
      rounds,
      contenders: {
        ours: () => taken(nats),
        memory: () => taken(memory),
        bare: async () => ({ perSecond: (count * 1000) / (await bare.call('publish', count)) }),
      },
    });
    const { rejected } = await nats.receiver.call('counts');
    if (rejected.length > 0) throw new Error(`The gateway rejected publications: ${rejected[0]}`);
    return result({
      name: 'shared-log-intake',
      unit: 'messages/s',
      ours: figures.ours.perSecond,
      peers: { bare: figures.bare.perSecond },
      goal: { bare: '>= 0.6' },
      detail: {
        megabytesPerSecond: (figures.ours.perSecond * messageBytes) / 1e6,
        cpuPercent: figures.ours.cpuPercent,
        memoryPerSecond: figures.memory.perSecond,
      },
    });
  });
}
