import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

const sockets = { connect: 'none', bind: 'none', pull: 'none' };
const basePath = ['--base-path', '/live/tables'];
let browser: Browser;
let gateways: readonly SpawnedGateway[] = [];

beforeAll(async () => {
  [browser, ...gateways] = await Promise.all([
    launchChromium(),
    spawnGateway(sockets),
    spawnGateway({ ...sockets, args: basePath }),
  ]);
});
afterAll(async () => {
  await browser?.close();
  for (const gateway of gateways) await gateway.close();
});

it.each([
  ['at the root', 0],
  ['under a base path', 1],
])('the page of the routes %s shows them and tries one out, from this gateway alone', async (_, index) => {
  const { url } = gateways[index]!;
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${url}docs`);
  await page.getByText('Whether the gateway is ready to serve').click();
  await page.getByRole('button', { name: 'Try it out' }).click();
  const answered = page.waitForResponse(`${url}readyz`);
  await page.getByRole('button', { name: 'Execute' }).click();
  expect((await answered).status()).toBe(200);
  expect(complaints).toEqual([]);
  expect(asked.filter((one) => !one.startsWith(url) && !one.startsWith('data:'))).toEqual([]);
  await context.close();
});
