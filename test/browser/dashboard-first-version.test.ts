import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { saveDashboard } from './dashboard-page.ts';
import { publish } from './publish.ts';

let browser: Browser;
let gateway: SpawnedGateway;

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium(), spawnGateway()]);
  await publish(gateway.url, 'prices', [{ symbol: 'A', price: 1 }], 'op=upsert&key=symbol');
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

it.each([
  ['that is saved', { id: 'a', type: 'table', table: 'prices', x: 0, y: 0, width: 6, height: 8 }, true],
  ['without its table', { id: 'a', type: 'chart', table: 'nowhere', x: 0, y: 0, width: 6, height: 8 }, false],
  ['that is not there', null, false],
])('the first version of a dashboard %s is on screen once its panels are', async (_, panel, isDrawn) => {
  const name = `held-${panel?.table}`;
  if (panel !== null) await saveDashboard(gateway.url, name, { panels: [panel] });
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      const { length } = document.querySelectorAll('tablecast-dashboard [role="gridcell"]');
      const isShown = document.querySelector('tablecast-dashboard .notice, .dash-empty') !== null;
      Object.assign(window, { first: { isDrawn: length > 0, isShown } });
    });
    observer.observe(document, { subtree: true, attributeFilter: ['data-version'] });
  });
  const hasCome = new Promise<void>((resolve) =>
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('"commit"')) resolve();
      }),
    ),
  );
  await page.route(`**/dashboards/${name}`, async (route) => {
    await hasCome;
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
    );
    await route.continue();
  });
  await page.goto(`${gateway.url}?dashboard=${name}`);
  await page.waitForFunction(() => document.documentElement.dataset.version !== undefined);
  const first = await page.evaluate(() => (window as unknown as { first: object }).first);
  expect(first).toEqual({ isDrawn, isShown: !isDrawn });
  await page.close();
});
