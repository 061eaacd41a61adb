import { openLine } from '../lib/bus-line.mjs';
import { markerTopic } from '../lib/bus-messages.mjs';
import { withChildren } from '../lib/child.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';
import { gatewayTarget, wsTarget } from '../lib/viewer-targets.mjs';

const table = 'memory';
const bytesPerKb = 1024;
const messages = 100;

/** @type {import('../lib/case.mjs').BenchCase} */
export const memory = {
  name: 'memory',
  about: 'resident memory of an idle viewer, and of a table of 1 M rows × 6 against its Arrow bytes',
  async run(context) {
    return [await idleViewer(context), await bigTable(context, 'append'), await bigTable(context, 'upsert')];
  },
};

/** @param {import('../lib/case.mjs').BenchContext} context */
async function idleViewer({ rounds, smoke, profile }) {
  const count = smoke ? 50 : 3000;
  /** Each round takes processes of its own: memory that was used once is not given back. */
  const contender =
    (/** @type {string} */ server, /** @type {unknown} */ options, /** @type {any} */ targetOf) => () =>
      withChildren({ profile }, async (start) => {
        const underTest = start(server);
        const { port } = await underTest.call('start', options);
        const { target, greetings } = targetOf(port);
        const viewers = start('viewers');
        // What the first connections load is not theirs.
        await viewers.call('connect', target, { count: count / 10, greetings });
        const before = await underTest.call('memory');
        await viewers.call('connect', target, { count, greetings });
        const after = await underTest.call('memory');
        return { kbEach: (after.rssBytes - before.rssBytes) / count / bytesPerKb };
      });
  const figures = await race({
    rounds,
    warmUp: false,
    contenders: {
      ours: contender('gateway', {}, (/** @type {number} */ port) => gatewayTarget(port, { table })),
      fastify: contender('bare-websockets', 'fastify', (/** @type {number} */ port) =>
        wsTarget(port, '/live'),
      ),
      ws: contender('bare-websockets', 'ws', wsTarget),
    },
  });
  const { ours, fastify, ws } = figures;
  return result({
    name: 'memory-idle-viewer',
    unit: 'KB',
    ours: ours.kbEach,
    peers: { fastify: fastify.kbEach, ws: ws.kbEach },
    goal: { ours: '<= 14' },
  });
}

/** @param {import('../lib/case.mjs').BenchContext} context @param {'append' | 'upsert'} op */
async function bigTable(context, op) {
  const { ours } = await race({
    rounds: context.rounds,
    warmUp: false,
    contenders: { ours: () => load(context, op) },
  });
  return result({
    name: `memory-${op}`,
    unit: '× its Arrow bytes',
    ours: ours.share,
    peers: {},
    goal: { ours: op === 'append' ? '<= 1.3' : '<= 2' },
    detail: {
      loadedShare: ours.loadedShare,
      countedShare: ours.countedShare,
      arrowMb: ours.arrowBytes / 1e6,
    },
  });
}

/** @param {import('../lib/case.mjs').BenchContext} context @param {'append' | 'upsert'} op */
function load({ smoke, profile }, op) {
  return withChildren({ profile }, async (start) => {
    const sender = start('publisher');
    const gateway = start('gateway');
    const line = await openLine(sender, gateway, (address) => ({ connect: [address] }));
    const rows = smoke ? 1000 : 10_000;
    const header = op === 'append' ? { op } : { op, key: ['k'] };
    const data = { rows, key: op === 'append' ? 'none' : 'int32', keys: rows * messages };
    // What the first table loads is not the second one's.
    await sender.call('load', { ...data, pool: messages, inOrder: true });
    await send(sender, line, { table: 'other', header, count: 2 });
    const before = await gateway.call('memory');
    await send(sender, line, { table, header, count: messages });
    const loaded = await gateway.call('memory');
    if (op === 'upsert') {
      // Rows that change leave gaps, which are cleared up now and then.
      await sender.call('load', { ...data, pool: messages });
      await send(sender, line, { table, header, count: messages });
    }
    const after = await gateway.call('memory');
    const { tables } = await gateway.call('counts');
    const arrowBytes = tables[table].rows * (op === 'append' ? 48 : 44);
    return {
      share: (after.rssBytes - before.rssBytes) / arrowBytes,
      loadedShare: (loaded.rssBytes - before.rssBytes) / arrowBytes,
      countedShare: tables[table].bytes / arrowBytes,
      arrowBytes,
    };
  });
}

/** @param {import('../lib/child.mjs').Child} sender @param {import('../lib/bus-line.mjs').BusLine} line @param {object} burst */
async function send(sender, { address, receiver }, burst) {
  await receiver.call('arm', markerTopic);
  await sender.call('burst', { address, ...burst });
  await receiver.call('reached', markerTopic);
}
