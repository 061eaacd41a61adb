// One page in a browser of its own, so that nothing is there of the page before, and what it costs.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { findChromium } from '../../../scripts/prepare/chromium.mjs';
import { projectPackage } from '../packages.mjs';

const viewport = { width: 1440, height: 900 };
const args = ['--no-sandbox', '--disable-gpu'];
const showTimeoutMs = 120_000;
const quietTimeoutMs = 60_000;

/**
 * @typedef {object} Tab
 * @property {import('playwright-core').Page} page
 * @property {() => Promise<Costs>} costs so far
 * @property {() => Promise<number>} residentMb of its largest process
 * @property {() => Promise<number>} heapMb JavaScript objects and array buffers, after garbage was collected
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Costs all milliseconds
 * @property {number} atMs
 * @property {number} taskMs that tasks of the main thread took, waiting for a core included
 * @property {number} threadMs of CPU, the main thread
 * @property {number} tabCpuMs of CPU, all threads of the page's processes
 */

/** @returns {Promise<Tab>} */
export async function openTab() {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium found: run npm test once');
  const { chromium } = projectPackage('playwright-core');
  // Who is told to end does, and its browser with it; else only the browser would.
  const browser = await chromium.launch({ executablePath, args, handleSIGTERM: false });
  const page = await browser.newPage({ viewport });
  page.setDefaultTimeout(showTimeoutMs);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const whole = await browser.newBrowserCDPSession();
  const renderers = async () => {
    const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer');
  };
  return {
    page,
    async costs() {
      const { metrics } = await session.send('Performance.getMetrics');
      const ms = (/** @type {string} */ name) =>
        (metrics.find((metric) => metric.name === name)?.value ?? Number.NaN) * 1000;
      const cpuSeconds = (await renderers()).reduce((sum, { cpuTime }) => sum + cpuTime, 0);
      return {
        atMs: ms('Timestamp'),
        taskMs: ms('TaskDuration'),
        threadMs: ms('ThreadTime'),
        tabCpuMs: cpuSeconds * 1000,
      };
    },
    async residentMb() {
      return Math.max(...(await renderers()).map(({ id }) => processMb(id)));
    },
    async heapMb() {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
      return (usedSize + backingStorageSize) / 1e6;
    },
    close: () => browser.close(),
  };
}

/** @param {number} pid */
function processMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** @param {Costs} before @param {Costs} after @returns {import('../rounds.mjs').Figures} */
export function costFigures(before, after) {
  const tookMs = after.atMs - before.atMs;
  const share = (/** @type {'taskMs' | 'threadMs' | 'tabCpuMs'} */ of) =>
    (100 * (after[of] - before[of])) / tookMs;
  return {
    mainThreadPercent: share('threadMs'),
    mainThreadWallPercent: share('taskMs'),
    tabCpuPercent: share('tabCpuMs'),
  };
}

/** Once the page does next to nothing: it has loaded all, and arranged it. @param {Tab} tab */
export async function untilQuiet(tab) {
  const endMs = performance.now() + quietTimeoutMs;
  let quiet = 0;
  let before = await tab.costs();
  while (quiet < 2 && performance.now() < endMs) {
    await delay(250);
    const after = await tab.costs();
    quiet = costFigures(before, after).tabCpuPercent < 10 ? quiet + 1 : 0;
    before = after;
  }
}
