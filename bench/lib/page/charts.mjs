// Charts of the page on a dashboard: one that changes all the time, and many that do not.
import { setTimeout as delay } from 'node:timers/promises';
import { dashboardAddress, saveDashboard, startGateway } from './ours.mjs';
import { sampledFigures, startSampling } from './sample.mjs';
import { costFigures, openTab, untilQuiet } from './tab.mjs';

const pointsPerCommit = 10;
const idleCharts = 20;
const idlePoints = 1000;
const busyPerSecond = 10;
const line = { type: 'line', x: 't', y: ['value0'] };

/**
 * A line chart of a table that is appended to.
 * @param {{ start: (name: string) => import('../child.mjs').Child, rowCount: number, perSecond: number, forMs: number }} options
 * @returns {Promise<import('../rounds.mjs').Figures>} `mainCpuMsPerDraw`: all CPU of the main thread, frames between draws and commits that are taken included; a draw itself is less
 */
export async function watchLine({ start, rowCount, perSecond, forMs }) {
  const spec = { source: 'points', rowCount, rows: pointsPerCommit };
  const { url, publisher } = await startGateway(start, { points: spec });
  await saveDashboard(url, 'line', [
    { id: 'line', type: 'chart', table: 'points', x: 0, y: 0, width: 12, height: 12, chart: line },
  ]);
  return withCharts(dashboardAddress(url, 'line'), ['points'], async (tab) => {
    await publisher.call('pace', 'points', perSecond);
    await delay(forMs / 4);
    const take = await startSampling(tab.page, ['.chart']);
    const [before, drawsBefore] = [await tab.costs(), await draws(tab)];
    await delay(forMs);
    const [after, drawsAfter] = [await tab.costs(), await draws(tab)];
    const { frameP95Ms } = sampledFigures(await takeFrames(take, forMs), false);
    await publisher.call('rest');
    const drawn = drawsAfter - drawsBefore;
    return {
      mainCpuMsPerDraw: (after.threadMs - before.threadMs) / drawn,
      frameP95Ms,
      drawsPerSecond: (1000 * drawn) / (after.atMs - before.atMs),
      ...costFigures(before, after),
    };
  });
}

/**
 * Charts whose tables do not change, while another table does.
 * @param {{ start: (name: string) => import('../child.mjs').Child, forMs: number }} options
 * @returns {Promise<import('../rounds.mjs').Figures>} `draws`: of all of them together
 */
export async function watchIdle({ start, forMs }) {
  const names = Array.from({ length: idleCharts }, (_, i) => `idle${i}`);
  const still = { source: 'points', rowCount: idlePoints, rows: 1 };
  const tables = Object.fromEntries([...names, 'busy'].map((table) => [table, still]));
  const { url, publisher } = await startGateway(start, tables);
  const panels = names.map((table, i) => {
    const place = { x: (i % 4) * 3, y: Math.floor(i / 4) * 3, width: 3, height: 3 };
    return { id: table, type: 'chart', table, ...place, chart: line };
  });
  await saveDashboard(url, 'idle', panels);
  return withCharts(dashboardAddress(url, 'idle'), names, async (tab) => {
    await publisher.call('pace', 'busy', busyPerSecond);
    const [before, drawsBefore] = [await tab.costs(), await draws(tab)];
    await delay(forMs);
    const [after, drawsAfter] = [await tab.costs(), await draws(tab)];
    await publisher.call('rest');
    return { draws: drawsAfter - drawsBefore, ...costFigures(before, after) };
  });
}

/**
 * Those since the last time; where none was painted meanwhile, on a machine that is busy, those of as long again.
 * @param {import('./sample.mjs').TakeSamples} take @param {number} forMs
 */
async function takeFrames(take, forMs) {
  let samples = await take();
  while (samples.framesMs.length === 0) {
    await delay(forMs);
    samples = await take();
  }
  return samples;
}

/** @param {string} address @param {readonly string[]} tables whose charts have to be drawn first @param {(tab: import('./tab.mjs').Tab) => Promise<import('../rounds.mjs').Figures>} work */
async function withCharts(address, tables, work) {
  const tab = await openTab();
  try {
    await tab.page.goto(address);
    await tab.page.waitForFunction((wanted) => {
      const charts = [...document.querySelectorAll('.chart:has(canvas)')];
      // Named by its table until it has drawn, and by what it shows from then on.
      const drawn = charts.filter((chart) => !wanted.includes(chart.getAttribute('aria-label') ?? ''));
      return drawn.length >= wanted.length;
    }, tables);
    await untilQuiet(tab);
    return await work(tab);
  } finally {
    await tab.close();
  }
}

/** @param {import('./tab.mjs').Tab} tab */
function draws({ page }) {
  return page.evaluate(() =>
    [...document.querySelectorAll('.chart')].reduce(
      (sum, chart) => sum + Number(/** @type {HTMLElement} */ (chart).dataset.draws),
      0,
    ),
  );
}
