import { setTimeout as delay } from 'node:timers/promises';
import { sampledFigures, startSampling, untilChanged } from './sample.mjs';
import { costFigures, openTab, untilQuiet } from './tab.mjs';
import { turnWheel } from './wheel.mjs';

/** @typedef {{ tab: import('./tab.mjs').Tab, contender: import('./contender.mjs').Contender, view: import('./grid-views.mjs').GridView, forMs: number, patienceMs: number }} Watch */

/**
 * Opens a view, lets it change, and looks at it for so long. Of a cell that shows nothing else within the patience `firstStateMs` is NaN.
 * @param {Omit<Watch, 'tab'>} options
 * @returns {Promise<import('../rounds.mjs').Figures>}
 */
export async function watchGrid({ contender, view, forMs, patienceMs }) {
  const tab = await openTab();
  try {
    const openedAt = performance.now();
    await tab.page.goto(contender.addressOf(view));
    await tab.page.locator(`${contender.grid} td`).first().waitFor();
    const firstRowsMs = performance.now() - openedAt;
    if (contender.whole !== undefined) await tab.page.locator(contender.whole).waitFor();
    await untilQuiet(tab);
    const looked = await look({ tab, contender, view, forMs, patienceMs });
    const cellsShown = await tab.page.locator(`${contender.grid} tbody td`).count();
    const more = (await contender.figures?.()) ?? {};
    return { ...looked, tabMb: await tab.residentMb(), firstRowsMs, cellsShown, ...more };
  } finally {
    await contender.rest();
    await tab.close();
  }
}

/** @param {Watch} options */
async function look({ tab, contender, view, forMs, patienceMs }) {
  const { wheelSteps, groupBy, perSecond } = view;
  const { server, sent } = contender;
  const take = await startSampling(tab.page, contender.cellOf(view));
  await contender.pace(perSecond);
  const firstStateMs = wheelSteps === undefined ? await untilChanged(take, patienceMs) : Number.NaN;
  await delay(forMs / 4);
  await server?.call('usage');
  const [before, sentBefore] = [await tab.costs(), await sent()];
  await take();
  if (wheelSteps === undefined) await delay(forMs);
  else await turnWheel(tab.page, contender.grid, { steps: wheelSteps, forMs });
  const samples = await take();
  const [after, sentAfter] = [await tab.costs(), await sent()];
  const usage = await server?.call('usage');
  const isStamp = groupBy === undefined && wheelSteps === undefined;
  return {
    ...sampledFigures(samples, isStamp),
    ...costFigures(before, after),
    firstStateMs,
    sentPerSecond: (1000 * (sentAfter - sentBefore)) / (after.atMs - before.atMs),
    serverCpuPercent: usage?.cpuPercent ?? Number.NaN,
  };
}
