import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { publish } from './publish.ts';
import { openViewerPage } from './viewer-page.ts';

let browser: Browser;
let gateway: SpawnedGateway;

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium(), spawnGateway()]);
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

it('an open page outlives its gateway: it keeps its rows, says that it reconnects, and recovers without a reload', async () => {
  await publish(gateway.url, 'prices', [{ symbol: 'A', price: 1.5 }], 'op=upsert&key=symbol');
  const viewer = await openViewerPage(browser, `${gateway.url}?table=prices`);
  await viewer.page.evaluate(() => {
    document.documentElement.dataset.notReloaded = 'true';
  });
  await viewer.page.getByRole('gridcell', { name: '1.5' }).waitFor();
  await gateway.close();
  await viewer.statusBecomes(/^reconnecting/);
  expect(await viewer.page.getByRole('gridcell').allTextContents()).toEqual(['A', '1.5']);
  gateway = await spawnGateway({ port: gateway.port });
  await viewer.statusBecomes(/^live$/);
  await publish(gateway.url, 'prices', [{ symbol: 'B', price: 2.5 }], 'op=upsert&key=symbol');
  await viewer.page.getByRole('gridcell', { name: '2.5' }).waitFor();
  expect(await viewer.page.getByRole('gridcell').allTextContents()).toEqual(['B', '2.5']);
  expect(await viewer.page.evaluate(() => document.documentElement.dataset.notReloaded)).toBe('true');
  await viewer.close();
});
