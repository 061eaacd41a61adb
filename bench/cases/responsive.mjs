import { withChildren } from '../lib/child.mjs';
import { percentiles } from '../lib/percentiles.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';

const csvBytes = 100_000_000;
const chartsPerSecond = 20;
const drawnRowsBytes = 30_000;

/** @typedef {import('../lib/child.mjs').Child} Child */

/** @type {import('../lib/case.mjs').BenchCase} */
export const responsive = {
  name: 'responsive',
  about:
    '/update_data, one request after the other, while 100 MB of CSV are posted and 20 charts/s are drawn',
  run({ rounds, smoke, profile }) {
    return withChildren({ profile }, async (start) => {
      const gateway = start('gateway');
      const { port } = await gateway.call('start');
      const load = {
        poster: start('responsive-load'),
        drawer: start('responsive-load'),
        asker: start('responsive-load'),
      };
      await load.poster.call('post', { port, path: '/tables/drawn', bytes: drawnRowsBytes });
      const work = { port, bytes: smoke ? 1_000_000 : csvBytes };
      const { ours } = await race({ rounds, contenders: { ours: () => measure(gateway, load, work) } });
      const { medianMs, ...detail } = ours;
      return [
        result({
          name: 'responsive',
          unit: 'ms',
          ours: medianMs,
          peers: {},
          goal: { ours: '<= 50' },
          detail,
        }),
      ];
    });
  },
};

/**
 * @param {Child} gateway @param {{ poster: Child, drawer: Child, asker: Child }} load
 * @param {{ port: number, bytes: number }} work
 */
async function measure(gateway, { poster, drawer, asker }, { port, bytes }) {
  await gateway.call('usage');
  await drawer.call('startDrawing', { port, table: 'drawn', perSecond: chartsPerSecond });
  await asker.call('startAsking', { port, path: '/update_data' });
  const postMs = await poster.call('post', { port, path: '/tables/posted?op=replace', bytes });
  const tookMs = await asker.call('stopAsking');
  const [drawn, { cpuPercent, longestPauseMs }] = await Promise.all([
    drawer.call('stopDrawing'),
    gateway.call('usage'),
  ]);
  const [medianMs, p99Ms, maxMs] = percentiles(tookMs, [0.5, 0.99, 1]);
  const chartsDrawnPerSecond = (drawn * 1000) / postMs;
  return {
    medianMs,
    p99Ms,
    maxMs,
    requests: tookMs.length,
    postMs,
    chartsDrawnPerSecond,
    cpuPercent,
    longestPauseMs,
  };
}
