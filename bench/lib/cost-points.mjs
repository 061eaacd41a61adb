// Situations that a gateway on a shared log is put into, and what each of them takes. Unit costs follow from their differences.
import { setTimeout as delay } from 'node:timers/promises';
import { withChildren } from './child.mjs';
import { percentiles } from './percentiles.mjs';
import { gatewayTarget } from './viewer-targets.mjs';

const bytesPerKb = 1024;
const retention = { max_rows: 100_000 };

/** @typedef {{ name: string, perSecond: number, rows: number, keyed?: boolean }} Flow publications, 6 columns each */

/** @type {Record<string, Flow>} */
const flows = {
  small: { name: 'small', perSecond: 1000, rows: 10 },
  large: { name: 'large', perSecond: 20, rows: 10_000 },
  keyed: { name: 'keyed', perSecond: 20, rows: 10_000, keyed: true },
};

/** Deliveries of about 1, 16 and 64 KB. @type {readonly { flow: Flow, viewers: number }[]} */
const deliveries = [
  { flow: { name: 'kb1', perSecond: 20, rows: 1 }, viewers: 500 },
  { flow: { name: 'kb16', perSecond: 20, rows: 320 }, viewers: 250 },
  { flow: { name: 'kb64', perSecond: 10, rows: 1340 }, viewers: 100 },
];

const idleViewers = 1000;

/**
 * @typedef {object} CostBench
 * @property {(name: string) => import('./child.mjs').Child} start
 * @property {import('./nats-server.mjs').NatsServer} nats
 * @property {import('./shared-log.mjs').SharedLog} log with one follower, which is measured
 */

/**
 * @param {import('./case.mjs').BenchContext} context
 * @param {CostBench} bench
 * @returns {Promise<Record<string, import('./rounds.mjs').Contender>>}
 */
export async function costPoints({ smoke, profile }, bench) {
  const roundMs = smoke ? 300 : 3000;
  const few = (/** @type {number} */ count) => (smoke ? Math.min(count, 10) : count);
  const clients = bench.start('viewers');
  const timed = bench.start('table-viewers');
  const [follower] = bench.log.followers;
  const watch = (/** @type {string} */ table, /** @type {number} */ count) => {
    const { target, greetings } = gatewayTarget(follower.port, { table });
    return clients.call('connect', target, { count: few(count), greetings });
  };
  /** @param {{ flow?: Flow, viewers?: number, of?: string }} situation `of`: the table that they want */
  const point =
    ({ flow, viewers = 0, of = flow?.name ?? 'quiet' }) =>
    async () => {
      if (flow !== undefined) await publish(bench, flow);
      if (viewers > 0) await watch(of, viewers);
      const figures = await observe(bench, clients, {
        roundMs,
        viewers: few(viewers),
      });
      if (flow !== undefined) await bench.log.sender.call('stopPacing');
      await clients.call('disconnect');
      return figures;
    };
  return {
    idle: point({}),
    idleViewers: point({ viewers: idleViewers }),
    foldSmall: point({ flow: flows.small }),
    foldLarge: point({ flow: flows.large }),
    foldKeyed: point({ flow: flows.keyed }),
    notify: point({ flow: { name: 'kb1', perSecond: 20, rows: 1 }, viewers: 500, of: 'quiet' }),
    ...Object.fromEntries(deliveries.map(({ flow, viewers }) => [flow.name, point({ flow, viewers })])),
    encode: () => timeEncoding({ smoke, profile }),
    join: () => join(bench, clients, () => watch('quiet', idleViewers), few(idleViewers)),
    delay: () => timeWay(bench, timed, roundMs),
    memory: () => memoryOf({ smoke, profile }),
  };
}

/** @param {CostBench} bench @param {Flow} flow */
function publish({ log }, { name, perSecond, rows, keyed = false }) {
  const header = keyed ? { key: ['k'] } : { op: 'append', retention };
  return log.sender.call('pace', { address: log.address, header, perSecond, rows, keyed, table: name });
}

/**
 * @param {CostBench} bench @param {import('./child.mjs').Child} clients
 * @param {{ roundMs: number, viewers: number }} situation
 * @returns {Promise<import('./rounds.mjs').Figures>} all per second, milliseconds of processor time
 */
async function observe({ nats, log }, clients, { roundMs, viewers }) {
  const [{ gateway }] = log.followers;
  await delay(roundMs / 3);
  const before = await clients.call('totals');
  await Promise.all([gateway.call('usage'), log.intake.call('usage')]);
  const sentBefore = await log.sender.call('sent');
  const [natsBeforeMs, startedAt] = [nats.cpuMs(), performance.now()];
  await delay(roundMs);
  const [own, intake] = await Promise.all([gateway.call('usage'), log.intake.call('usage')]);
  const tookS = (performance.now() - startedAt) / 1000;
  const natsMs = (nats.cpuMs() - natsBeforeMs) / tookS;
  const [after, sent] = [await clients.call('totals'), await log.sender.call('sent')];
  return {
    cpuMs: own.cpuPercent * 10,
    intakeCpuMs: intake.cpuPercent * 10,
    natsMs,
    messages: (sent - sentBefore) / tookS,
    viewers,
    deliveries: (after.binaries - before.binaries) / tookS,
    texts: (after.texts - before.texts) / tookS,
    bytes: (after.bytes - before.bytes) / tookS,
  };
}

/** @param {CostBench} bench @param {import('./child.mjs').Child} clients @param {() => Promise<unknown>} connect @param {number} count */
async function join({ log }, clients, connect, count) {
  const [{ gateway }] = log.followers;
  await gateway.call('usage');
  await connect();
  const { cpuMs } = await gateway.call('usage');
  await clients.call('disconnect');
  return { cpuUsEach: (cpuMs * 1000) / count };
}

/** From publishing to a viewer at another gateway, with next to nothing else to do. @param {CostBench} bench @param {import('./child.mjs').Child} timed @param {number} roundMs */
async function timeWay(bench, timed, roundMs) {
  const flow = { name: 'way', perSecond: 50, rows: 10 };
  await publish(bench, flow);
  await timed.call('connect', {
    kind: 'gateway',
    port: bench.log.followers[0].port,
    table: flow.name,
    count: 1,
  });
  await timed.call('reset');
  await delay(roundMs);
  const { p50Ms, p99Ms } = await timed.call('figures');
  await bench.log.sender.call('stopPacing');
  await timed.call('disconnect');
  return { p50Ms, p99Ms };
}

/** A large commit told to one viewer, and to nobody. @param {{ smoke: boolean, profile: boolean }} options */
function timeEncoding({ smoke, profile }) {
  return withChildren({ profile }, async (start) => {
    const gateway = start('gateway');
    const { port } = await gateway.call('start');
    const { rows } = flows.large;
    const data = { rows, key: 'none', keys: 0, pool: 8 };
    const drive = { table: 'encode', header: { op: 'append', retention }, data, commits: smoke ? 20 : 200 };
    const tookMs = async () => percentiles(await gateway.call('timeCommits', drive), [0.5])[0];
    await tookMs();
    const aloneMs = await tookMs();
    const { target, greetings } = gatewayTarget(port, { table: drive.table });
    await start('viewers').call('connect', target, { count: 1, greetings });
    await tookMs();
    return { aloneMs, toldMs: await tookMs(), bytes: rows * 48 };
  });
}

/** A gateway of its own: memory that was used once is not given back. @param {{ smoke: boolean, profile: boolean }} options */
function memoryOf({ smoke, profile }) {
  const [viewers, messages, rows] = smoke ? [50, 2, 100] : [3000, 100, 10_000];
  return withChildren({ profile }, async (start) => {
    const [gateway, clients] = [start('gateway'), start('viewers')];
    const { port } = await gateway.call('start');
    const { target, greetings } = gatewayTarget(port, { table: 'memory' });
    await clients.call('connect', target, { count: viewers / 10, greetings });
    const empty = await gateway.call('memory');
    await clients.call('connect', target, { count: viewers, greetings });
    const watched = await gateway.call('memory');
    await clients.call('disconnect');
    const data = { rows, key: 'none', keys: 0, pool: 1 };
    const fill = (/** @type {string} */ table, /** @type {number} */ commits) =>
      gateway.call('fill', { table, header: { op: 'append' }, data, commits });
    await fill('other', 2);
    const unfilled = await gateway.call('memory');
    await fill('filled', messages);
    const filled = await gateway.call('memory');
    return {
      gatewayMb: empty.rssBytes / bytesPerKb ** 2,
      viewerKb: (watched.rssBytes - empty.rssBytes) / viewers / bytesPerKb,
      rowBytes: (filled.rssBytes - unfilled.rssBytes) / (messages * rows),
    };
  });
}
