import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { arrowOf } from '../support/arrow-messages.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { openViewerPage } from './viewer-page.ts';

const viewToken = 'token-that-views';
const writeToken = 'token-that-writes';
let browser: Browser;
let gateway: SpawnedGateway;

const start = (port: number, view: string) =>
  spawnGateway({
    port,
    args: ['--base-path', '/live/tables', '--commit', 'hold'],
    env: { TABLECAST_VIEW_TOKEN: view, TABLECAST_WRITE_TOKEN: writeToken },
  });

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium(), start(0, viewToken)]);
  const response = await fetch(new URL('tables/prices', gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.apache.arrow.stream', authorization: `Bearer ${writeToken}` },
    body: arrowOf([{ price: 1.5 }]) as Uint8Array<ArrayBuffer>,
  });
  expect(response.status).toBe(200);
});
afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

it('a browser without a login is asked for a token; with the one that views it watches, with the one that writes it shows what is held', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${gateway.url}?table=prices`);
  await page.getByLabel('View or write token').fill('token-that-nobody-has');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('This token is unknown.').waitFor();
  await page.getByLabel('View or write token').fill(viewToken);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(`${gateway.url}?table=prices`);
  await page.getByRole('button', { name: 'Show now' }).click();
  await page.getByText('Showing this needs the write token').waitFor();
  // So far the browser itself complained of nothing but answers of 401 and 403.
  expect(complaints.filter((text) => !/status of 40[13]/.test(text))).toEqual([]);
  await page.getByRole('link', { name: 'Log in' }).click();
  await page.getByLabel('View or write token').fill(writeToken);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Show now' }).click();
  await page.getByRole('gridcell', { name: '1.5' }).waitFor();
  await context.close();
});

it('an open page says that its login has ended, and where to log in again', async () => {
  const [, link = ''] = await gateway.printed(/10 minutes: (\S+)/);
  const viewer = await openViewerPage(browser, link);
  await viewer.statusBecomes(/^live$/);
  await gateway.close();
  gateway = await start(gateway.port, 'another-view-token');
  await viewer.statusBecomes(/^logged out$/);
  await viewer.page.getByRole('link', { name: 'Log in' }).click();
  await viewer.page.getByLabel('View or write token').fill('another-view-token');
  await viewer.page.getByRole('button', { name: 'Log in' }).click();
  await viewer.statusBecomes(/^live$/);
  await viewer.close();
});

it('a login leads back to the dashboard that was opened, and one who only reads is told that saving takes more', async () => {
  const floor = { panels: [{ id: 'a', type: 'table', table: 'prices', x: 0, y: 0, width: 6, height: 8 }] };
  const saved = await fetch(new URL('dashboards/floor', gateway.url), {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${writeToken}` },
    body: JSON.stringify(floor),
  });
  expect(saved.status).toBe(201);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${gateway.url}?dashboard=floor`);
  await page.getByLabel('View or write token').fill('another-view-token');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(`${gateway.url}?dashboard=floor`);
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Remove prices' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('alert').getByText('This needs the write token.').waitFor();
  const login = await page.getByRole('alert').getByRole('link', { name: 'Log in' }).getAttribute('href');
  expect(login).toBe('login?dashboard=floor');
  await page.goto(`${gateway.url}?dashboard=floor&kiosk=1`);
  await page.getByRole('heading', { name: 'prices' }).waitFor();
  await context.close();
});
