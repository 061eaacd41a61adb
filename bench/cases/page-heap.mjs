import { setTimeout as delay } from 'node:timers/promises';
import { withChildren } from '../lib/child.mjs';
import { dashboardAddress, saveDashboard, startGateway } from '../lib/page/ours.mjs';
import { openTab, untilQuiet } from '../lib/page/tab.mjs';
import { slope } from '../lib/percentiles.mjs';
import { result } from '../lib/result.mjs';

const perSecond = 60;
const upserted = { source: 'ticks', rowCount: 100_000, rows: 1000 };
const appended = { source: 'points', rowCount: 100_000, rows: 1000, numbers: 5 };
const panels = [
  { id: 'grid', type: 'table', table: 'upserted', x: 0, y: 0, width: 12, height: 9 },
  {
    id: 'chart',
    type: 'chart',
    table: 'appended',
    x: 0,
    y: 9,
    width: 12,
    height: 9,
    chart: { type: 'line', x: 't', y: ['value0'] },
  },
];

/** @type {import('../lib/case.mjs').BenchCase} */
export const pageHeap = {
  name: 'page-heap',
  about:
    'ten minutes of 60 commits/s of 1,000 rows into each of two bounded tables on one page: memory of tab and gateway',
  isLong: true,
  run({ smoke, profile, note }) {
    return withChildren({ profile }, async (start) => {
      const { gateway, url, publisher } = await startGateway(start, { upserted, appended });
      await saveDashboard(url, 'heap', panels);
      const tab = await openTab();
      try {
        await tab.page.goto(dashboardAddress(url, 'heap'));
        await tab.page.locator('.chart canvas').waitFor();
        await untilQuiet(tab);
        for (const table of ['upserted', 'appended']) await publisher.call('pace', table, perSecond);
        const samples = await sampleMemory({
          tab,
          gateway,
          everyMs: smoke ? 200 : 10_000,
          count: smoke ? 3 : 61,
          note,
        });
        const sent = await publisher.call('sent', 'upserted');
        await publisher.call('rest');
        return toResults(samples, sent);
      } finally {
        await tab.close();
      }
    });
  },
};

/**
 * @typedef {{ atMs: number, heapMb: number, tabMb: number, gatewayMb: number }} Memory `heapMb`: the page's JavaScript objects once
 *   garbage is collected; the others resident
 * @param {{ tab: import('../lib/page/tab.mjs').Tab, gateway: import('../lib/child.mjs').Child, everyMs: number, count: number, note: (line: string) => void }} options
 */
async function sampleMemory({ tab, gateway, everyMs, count, note }) {
  /** @type {Memory[]} */
  const samples = [];
  const begunMs = performance.now();
  while (samples.length < count) {
    await delay(Math.max(0, samples.length * everyMs - (performance.now() - begunMs)));
    const atMs = performance.now() - begunMs;
    const { rssBytes } = await gateway.call('memory');
    const memory = { heapMb: await tab.heapMb(), tabMb: await tab.residentMb(), gatewayMb: rssBytes / 1e6 };
    samples.push({ atMs, ...memory });
    note(
      `${(atMs / 1000).toFixed(0)} s: ${Object.entries(memory)
        .map(([of, mb]) => `${of} ${mb.toFixed(1)}`)
        .join(', ')}`,
    );
  }
  return samples;
}

/** Growth of what is left once all has warmed up. @param {readonly Memory[]} samples @param {number} sent */
function toResults(samples, sent) {
  const warm = samples.slice(Math.floor(samples.length / 4));
  const perMinute = (/** @type {'heapMb' | 'tabMb' | 'gatewayMb'} */ of) =>
    slope(warm.map((sample) => [sample.atMs / 60_000, sample[of]]));
  const last = samples[samples.length - 1];
  const growth = /** @type {const} */ (['heapMb', 'tabMb', 'gatewayMb']);
  return growth.map((of, i) =>
    result({
      name: `page-heap-${of}`,
      unit: 'MB a minute',
      ours: perMinute(of),
      peers: {},
      goal: { ours: '<= 0.5' },
      detail:
        i === 0 ? { heapMb: last.heapMb, tabMb: last.tabMb, gatewayMb: last.gatewayMb, commits: sent } : {},
    }),
  );
}
