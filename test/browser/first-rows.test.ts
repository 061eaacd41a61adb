import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { publish } from './publish.ts';

const ROWS = Array.from({ length: 1000 }, (_, i) => ({ id: i, name: `row ${i}` }));

describe('while the first snapshot is on its way', () => {
  let browser: Browser;
  let gateway: SpawnedGateway;
  let page: Page;
  /** What the gateway says over the WebSocket is held back until then. */
  let release: () => void;

  beforeAll(async () => {
    [browser, gateway] = await Promise.all([launchChromium(), spawnGateway()]);
    await publish(gateway.url, 'long', ROWS, 'op=upsert&key=id');
  });

  beforeEach(async () => {
    page = await browser.newPage();
    const held: (() => void)[] = [];
    let isHeld = true;
    release = () => {
      isHeld = false;
      for (const pass of held) pass();
    };
    await page.routeWebSocket(/\/live$/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        if (isHeld) held.push(() => socket.send(message));
        else socket.send(message);
      });
    });
  });

  afterEach(() => page.close());
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
  });

  it('the first rows are there, said to be loading, and no version is said to be drawn', async () => {
    await page.goto(`${gateway.url}?table=long`);
    const grid = page.getByRole('grid', { name: 'long' });
    await grid.getByRole('gridcell', { name: 'row 3', exact: true }).waitFor();
    await page.getByText(/^Loading: the first 200 of 1.000 rows\.$/).waitFor();
    expect(await page.locator('html').getAttribute('data-version')).toBeNull();
    expect(await page.locator('.chart:visible').count()).toBe(0);
    release();
    await page.locator('html[data-version]').waitFor();
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('1001');
    expect(await page.getByText('Loading: the first').count()).toBe(0);
  });

  it('a table that cannot be read so loads as ever', async () => {
    await page.route('**/tables/long.arrow*', (route) => route.abort());
    const asked = page.waitForRequest('**/tables/long.arrow*');
    await page.goto(`${gateway.url}?table=long`);
    await asked;
    release();
    const grid = page.getByRole('grid', { name: 'long' });
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('1001');
  });
});
