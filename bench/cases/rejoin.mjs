import { withChildren } from '../lib/child.mjs';
import { sharedNowMs } from '../lib/clock.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';
import { gatewayTarget } from '../lib/viewer-targets.mjs';

const tables = 10;
const columns = 6;
/** Of a log that is no more: what a viewer of the gateway before the restart says. */
const since = { epoch: '00000000-0000-0000-0000-000000000000', version: 7 };

/** @type {import('../lib/case.mjs').BenchCase} */
export const rejoin = {
  name: 'rejoin',
  about:
    '1,000 viewers reconnect at once to a restarted gateway with 10 MB of tables; all of them take all of it',
  async run(context) {
    const { ours } = await race({
      rounds: context.rounds,
      warmUp: false,
      contenders: { ours: () => reconnect(context) },
    });
    return [
      result({
        name: 'rejoin',
        unit: 's',
        ours: ours.seconds,
        peers: {},
        goal: { ours: '<= 5' },
        detail: {
          encodingsPerMessage: ours.encodingsEach,
          messagesPerViewer: ours.messagesEach,
          gbPerSecond: ours.gbPerSecond,
          cpuPercent: ours.cpuPercent,
          viewersCpuPercent: ours.viewersCpuPercent,
          grownMb: ours.grownMb,
          longestPauseMs: ours.longestPauseMs,
        },
      }),
      result({
        name: 'rejoin-encodings',
        unit: 'encodings per snapshot message',
        ours: ours.encodingsEach,
        peers: {},
        goal: { ours: '<= 1' },
      }),
    ];
  },
};

/** @param {import('../lib/case.mjs').BenchContext} context @returns {Promise<import('../lib/rounds.mjs').Figures>} */
function reconnect({ profile, smoke }) {
  const count = smoke ? 20 : 1000;
  const rows = smoke ? 2000 : 20_850;
  return withChildren({ profile }, async (start) => {
    const gateway = start('gateway');
    const { port } = await gateway.call('start');
    for (let i = 0; i < tables; i += 1) {
      const data = { rows, key: 'none', keys: 0, pool: 1 };
      await gateway.call('fill', { table: `table-${i}`, header: { op: 'append' }, data, commits: 1 });
    }
    const viewers = start('viewers');
    const before = await gateway.call('memory');
    await Promise.all([gateway.call('usage'), viewers.call('usage')]);
    const { target } = gatewayTarget(port, { since });
    const bytes = tables * rows * columns * Float64Array.BYTES_PER_ELEMENT;
    const startedAtMs = sharedNowMs();
    const seconds =
      ((await viewers.call('connect', target, { count, bytes, atOnce: count })) - startedAtMs) / 1000;
    const [{ cpuPercent, longestPauseMs }, viewersUsage] = await Promise.all([
      gateway.call('usage'),
      viewers.call('usage'),
    ]);
    const after = await gateway.call('memory');
    const totals = await viewers.call('totals');
    const { encodings } = await gateway.call('counts');
    return {
      seconds,
      encodingsEach: encodings / (totals.binaries / count),
      messagesEach: totals.binaries / count,
      gbPerSecond: totals.bytes / 1e9 / seconds,
      cpuPercent,
      viewersCpuPercent: viewersUsage.cpuPercent,
      grownMb: (after.rssBytes - before.rssBytes) / 1e6,
      longestPauseMs,
    };
  });
}
