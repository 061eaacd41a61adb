// Looks at a page as a person does: what one cell shows, frame by frame, and what that costs the tab.
import { readFileSync } from 'node:fs';
import { percentiles } from './percentiles.mjs';

/**
 * Samples the text that `read` finds, each animation frame, for so long.
 * @param {import('playwright-core').Page} page
 * @param {{ cell: string, forMs: number, isStamp: boolean, wheelSteps?: number, wheel?: string }} options `cell`: a CSS selector; `isStamp`: its
 *   text is the Unix time of sending, milliseconds; `wheel`: scrolled over in so many steps meanwhile
 */
export async function watchCell(page, { cell, forMs, isStamp, wheel, wheelSteps = 0 }) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busyMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (/** @type {string} */ name) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { taskMs: of('TaskDuration') * 1000, atMs: of('Timestamp') * 1000 };
  };
  const before = await busyMs();
  const watching = page.evaluate(sample, { cell, forMs });
  if (wheel !== undefined) await scroll(page, wheel, wheelSteps, forMs);
  const { texts, framesMs } = await watching;
  const after = await busyMs();
  await session.detach();
  const seen = isStamp ? texts.map(({ text, atMs }) => atMs - Number(text.replace(/[^\d.]/g, ''))) : [];
  const [p50Ms, p95Ms, p99Ms] = percentiles(seen, [0.5, 0.95, 0.99]);
  const [frameP95Ms] = percentiles(framesMs, [0.95]);
  return {
    statesPerSecond: (texts.length * 1000) / forMs,
    mainThreadPercent: (100 * (after.taskMs - before.taskMs)) / (after.atMs - before.atMs),
    framesPerSecond: (framesMs.length * 1000) / forMs,
    frameP95Ms,
    p50Ms,
    p95Ms,
    p99Ms,
  };
}

/** In the page. @param {{ cell: string, forMs: number }} options */
function sample({ cell, forMs }) {
  return new Promise((resolve) => {
    /** @type {{ text: string, atMs: number }[]} */
    const texts = [];
    /** @type {number[]} */
    const framesMs = [];
    const begunMs = performance.now();
    let lastText = document.querySelector(cell)?.textContent ?? '';
    let lastMs = begunMs;
    const look = () => {
      const nowMs = performance.now();
      framesMs.push(nowMs - lastMs);
      lastMs = nowMs;
      const text = document.querySelector(cell)?.textContent ?? '';
      if (text !== lastText) texts.push({ text, atMs: Date.now() });
      lastText = text;
      if (nowMs - begunMs < forMs) requestAnimationFrame(look);
      else resolve({ texts, framesMs });
    };
    requestAnimationFrame(look);
  });
}

/** @param {import('playwright-core').Page} page @param {string} over @param {number} steps @param {number} forMs */
async function scroll(page, over, steps, forMs) {
  const box = await page.locator(over).boundingBox();
  if (box === null) throw new Error(`Nothing to scroll at ${over}`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let step = 0; step < steps; step += 1) {
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(forMs / steps / 1.2);
  }
}

/** Resident memory of the browser's page processes. @param {import('playwright-core').Browser} browser @returns {Promise<number>} MB of the largest */
export async function tabMb(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(
      ({ id }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    );
  return Math.max(...sizes);
}
