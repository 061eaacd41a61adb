import { withChildren } from '../lib/child.mjs';
import { isPeerInstalled } from '../lib/packages.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';
import { gatewayTarget, socketIoTarget, wsTarget } from '../lib/viewer-targets.mjs';

const table = 'fanout';

/** The messages are those of `arrowMessages`: 1 KB and 64 KB with their Arrow metadata. */
const sizes = [
  { name: 'fanout-1kb', viewers: 1000, commits: 200, data: { rows: 6, floats: 4 } },
  { name: 'fanout-64kb', viewers: 100, commits: 600, data: { rows: 1340, floats: 5 } },
];

/** @type {import('../lib/case.mjs').BenchCase} */
export const fanout = {
  name: 'fanout',
  about: 'commits delivered to 1,000 viewers × 1 KB and 100 viewers × 64 KB',
  async run(context) {
    const results = [];
    for (const size of sizes) results.push(await raceFanout(context, context.smoke ? reduced(size) : size));
    return results;
  },
};

/** @param {typeof sizes[number]} size */
function reduced(size) {
  return { ...size, viewers: 10, commits: 5 };
}

/** @param {import('../lib/case.mjs').BenchContext} context @param {typeof sizes[number]} size */
function raceFanout({ rounds, profile, note }, { name, viewers, commits, data }) {
  return withChildren({ profile }, async (start) => {
    const drive = {
      table,
      header: { op: 'append', retention: { max_rows: 10_000 } },
      data: { ...data, key: 'none', keys: 0, pool: 8 },
      commits,
    };
    /** @param {string} server @param {(port: number) => any} targetOf */
    const contender = async (server, targetOf) => {
      const underTest = start(server);
      const { port } = await underTest.call('start');
      const clients = start('viewers');
      const { target, greetings } = targetOf(port);
      await clients.call('connect', target, { count: viewers, greetings });
      return () => deliver(underTest, clients, { viewers, drive });
    };
    const contenders = {
      ours: await contender('gateway', (port) => gatewayTarget(port, { table })),
      ws: await contender('ws-server', wsTarget),
    };
    if (isPeerInstalled('socket.io'))
      Object.assign(contenders, { 'socket.io': await contender('socket-io-server', socketIoTarget) });
    const figures = await race({ rounds, contenders });
    note(`${figures.ours.bytesEach} bytes per commit from the gateway, ${figures.ws.bytesEach} from ws`);
    return toResult(name, figures);
  });
}

/** @param {string} name @param {Record<string, import('../lib/rounds.mjs').Figures>} figures */
function toResult(name, { ours, ws, 'socket.io': socketIo }) {
  return result({
    name,
    unit: 'deliveries/s',
    ours: ours.perSecond,
    peers: { ws: ws.perSecond, ...(socketIo === undefined ? {} : { 'socket.io': socketIo.perSecond }) },
    goal: { ws: '>= 1', 'socket.io': '>= 2.2' },
    detail: {
      cpuPercent: ours.cpuPercent,
      wsCpuPercent: ws.cpuPercent,
      clientsCpuPercent: ours.clientsCpuPercent,
      wsClientsCpuPercent: ws.clientsCpuPercent,
    },
  });
}

/**
 * @param {import('../lib/child.mjs').Child} underTest
 * @param {import('../lib/child.mjs').Child} clients
 * @param {{ viewers: number, drive: import('../lib/gateway-drive.mjs').Drive }} work
 */
async function deliver(underTest, clients, { viewers, drive }) {
  const before = await clients.call('totals');
  await clients.call('arm', drive.commits);
  await Promise.all([underTest.call('usage'), clients.call('usage')]);
  const startedAtMs = await underTest.call('drive', drive);
  const tookMs = (await clients.call('reached')) - startedAtMs;
  const [{ cpuPercent }, clientsUsage] = await Promise.all([underTest.call('usage'), clients.call('usage')]);
  const deliveries = viewers * drive.commits;
  const { bytes } = await clients.call('totals');
  return {
    perSecond: (deliveries * 1000) / tookMs,
    bytesEach: Math.round((bytes - before.bytes) / deliveries),
    cpuPercent,
    clientsCpuPercent: clientsUsage.cpuPercent,
  };
}
