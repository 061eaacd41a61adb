import { setTimeout as delay } from 'node:timers/promises';
import { findChromium } from '../../scripts/prepare/chromium.mjs';
import { withChildren } from '../lib/child.mjs';
import { freeAddress } from '../lib/free-address.mjs';
import { projectPackage } from '../lib/packages.mjs';
import { tabMb, watchCell } from '../lib/page-probe.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';

const table = 'ticks';
const upsertRows = 1000;
const viewport = { width: 1440, height: 900 };
const grid = `[role=grid][aria-label="${table}"]`;
/** The column `sent` of the first line, whatever is shown. */
const stampCell = `${grid} tbody tr:first-child td[aria-colindex="2"]`;
const sortedBy = (/** @type {string} */ column, /** @type {string} */ direction) => ({
  sort: [{ column, direction }],
});

/**
 * @typedef {object} PageView
 * @property {string} name
 * @property {object} state the viewer's choices
 * @property {number} perSecond commits
 * @property {Record<string, string>} goals by figure
 * @property {boolean} [isStamp] the cell that is watched shows the time of sending
 * @property {string} [cell]
 * @property {number} [wheelSteps]
 */

/** @type {readonly PageView[]} */
const views = [
  {
    name: 'plain',
    state: {},
    perSecond: 60,
    goals: { statesPerSecond: '>= 58', mainThreadPercent: '<= 20', p95Ms: '<= 16', tabMb: '<= 500' },
  },
  {
    name: 'sorted',
    state: sortedBy('lot', 'ascending'),
    perSecond: 60,
    goals: { statesPerSecond: '>= 30', p95Ms: '<= 50' },
  },
  {
    name: 'sorted-ticking',
    state: sortedBy('sent', 'descending'),
    perSecond: 60,
    goals: { statesPerSecond: '>= 30', p95Ms: '<= 50' },
  },
  {
    name: 'filtered',
    state: { filters: [{ type: 'set', column: 'sector', values: ['sector 0'], isExcluded: false }] },
    perSecond: 60,
    goals: { statesPerSecond: '>= 55' },
  },
  {
    name: 'grouped',
    state: { groupBy: ['sector'], hidden: ['id'] },
    perSecond: 60,
    isStamp: false,
    goals: { statesPerSecond: '>= 55' },
  },
  { name: 'fast', state: {}, perSecond: 300, goals: { statesPerSecond: '>= 50', frameP95Ms: '<= 18' } },
  {
    name: 'scroll',
    state: {},
    perSecond: 60,
    wheelSteps: 200,
    goals: { frameP95Ms: '<= 18', mainThreadPercent: '<= 30' },
  },
];

/** @type {import('../lib/case.mjs').BenchCase} */
export const page = {
  name: 'page',
  about:
    '1 M rows x 20 columns in Chromium, upserts of 1,000 rows at 60 and 300 commits/s: states a second, delay, load',
  isLong: true,
  run({ rounds, smoke, profile, note }) {
    const executablePath = findChromium();
    if (executablePath === null) throw new Error('No Chromium found: run npm test once');
    return withChildren({ profile }, async (start) => {
      const rowCount = smoke ? 10_000 : 1_000_000;
      const forMs = smoke ? 1000 : 8000;
      const [publisher, gateway] = [start('page-publisher'), start('gateway')];
      const pull = await freeAddress();
      const { url } = await gateway.call('start', { pull: [pull], maxMemoryBytes: 4 * 1024 ** 3 });
      await publisher.call('fill', { address: pull, table, rowCount, rows: upsertRows });
      await untilFilled(gateway, rowCount);
      const { chromium } = projectPackage('playwright-core');
      const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
      try {
        const contenders = Object.fromEntries(
          views.map((view) => [view.name, () => measure({ browser, publisher, url, view, forMs })]),
        );
        const figures = await race({ rounds, contenders, warmUp: false });
        note(
          `first rows of ${rowCount.toLocaleString('en-US')} after ${figures.plain.firstRowsMs.toFixed(0)} ms`,
        );
        return views.flatMap((view) => toResults(view, figures[view.name]));
      } finally {
        await browser.close();
      }
    });
  },
};

/** @param {import('../lib/child.mjs').Child} gateway @param {number} rowCount */
async function untilFilled(gateway, rowCount) {
  for (;;) {
    const { tables } = await gateway.call('counts');
    if (tables[table]?.rows === rowCount) return;
    await delay(50);
  }
}

/** @param {{ browser: import('playwright-core').Browser, publisher: import('../lib/child.mjs').Child, url: string, view: PageView, forMs: number }} options */
async function measure({ browser, publisher, url, view, forMs }) {
  const { state, perSecond, isStamp = true, wheelSteps, cell = stampCell } = view;
  const context = await browser.newContext({ viewport });
  await context.addInitScript(
    ([name, choices]) => localStorage.setItem('tablecast.grids', JSON.stringify([[name, choices]])),
    [table, state],
  );
  const tab = await context.newPage();
  try {
    const openedAt = performance.now();
    await tab.goto(`${url}?table=${table}`);
    await tab.locator(`${grid} td`).first().waitFor();
    const firstRowsMs = performance.now() - openedAt;
    await tab.locator('html[data-version]').waitFor({ timeout: 120_000 });
    const liveMs = performance.now() - openedAt;
    await publisher.call('pace', { table, perSecond });
    await delay(Math.min(2000, forMs));
    const scrolled = wheelSteps === undefined ? {} : { wheel: grid, wheelSteps };
    const figures = await watchCell(tab, { cell, forMs, isStamp, ...scrolled });
    const sent = await publisher.call('stopPacing');
    return { ...figures, firstRowsMs, liveMs, tabMb: await tabMb(browser), sent };
  } finally {
    await publisher.call('stopPacing');
    await context.close();
  }
}

/** @param {PageView} view @param {import('../lib/rounds.mjs').Figures} figures */
function toResults({ name, goals }, figures) {
  return Object.entries(goals).map(([figure, goal], i) =>
    result({
      name: `page-${name}-${figure}`,
      unit: '',
      ours: figures[figure],
      peers: {},
      goal: { ours: goal },
      detail: i === 0 ? figures : {},
    }),
  );
}
