import { buffer } from 'node:stream/consumers';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { readZip } from '../ui/export/read-zip.ts';
import { type LineWatch, watchLine } from './line-watch.ts';
import { publish } from './publish.ts';

const ROWS = Array.from({ length: 1000 }, (_, i) => ({ id: i, name: `row ${i}` }));

describe('while the first snapshot is on its way', () => {
  let browser: Browser;
  let gateway: SpawnedGateway;
  let page: Page;
  /** It is held back from the beginning. */
  let line: LineWatch;

  beforeAll(async () => {
    [browser, gateway] = await Promise.all([launchChromium(), spawnGateway()]);
    await publish(gateway.url, 'long', ROWS, 'op=upsert&key=id');
  });

  beforeEach(async () => {
    page = await browser.newPage();
    line = await watchLine(page);
    line.hold();
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
    line.release();
    await page.locator('html[data-version]').waitFor();
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('1001');
    expect(await page.getByText('Loading: the first').count()).toBe(0);
  });

  it('what is written of the whole table waits for it', async () => {
    await page.goto(`${gateway.url}?table=long`);
    await page
      .getByRole('grid', { name: 'long' })
      .getByRole('gridcell', { name: 'row 3', exact: true })
      .waitFor();
    await page.getByRole('button', { name: 'Download' }).click();
    const excel = page.getByRole('dialog', { name: 'Download' }).getByText('Excel');
    expect(await excel.isDisabled()).toBe(true);
    line.release();
    const waiting = page.waitForEvent('download');
    await excel.click();
    const sheet = readZip(await buffer(await (await waiting).createReadStream())).get(
      'xl/worksheets/sheet1.xml',
    );
    expect(sheet?.match(/<row /g)?.length).toBe(ROWS.length + 1);
  });

  it('a table that cannot be read so loads as ever', async () => {
    await page.route('**/tables/long.arrow*', (route) => route.abort());
    const asked = page.waitForRequest('**/tables/long.arrow*');
    await page.goto(`${gateway.url}?table=long`);
    await asked;
    line.release();
    const grid = page.getByRole('grid', { name: 'long' });
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('1001');
  });

  it('a dashboard’s tables have their first rows too, but for those that are in another order', async () => {
    const place = { type: 'table', table: 'long', x: 0, width: 12, height: 6 };
    const panels = [
      { ...place, id: 'plain', y: 0 },
      { ...place, id: 'sorted', y: 6, view: { sort: [{ column: 'id', direction: 'descending' }] } },
    ];
    const headers = { 'content-type': 'application/json' };
    const address = new URL('dashboards/early', gateway.url);
    await fetch(address, { method: 'PUT', headers, body: JSON.stringify({ panels }) });
    await page.goto(`${gateway.url}?dashboard=early`);
    const panel = (id: string) => page.locator(`[data-panel=${id}]`);
    await panel('plain').getByRole('gridcell', { name: 'row 3', exact: true }).waitFor();
    await panel('plain')
      .getByText(/^Loading: the first 200 of 1.000 rows\.$/)
      .waitFor();
    expect(await panel('sorted').getByRole('gridcell').count()).toBe(0);
    expect(await page.locator('html').getAttribute('data-version')).toBeNull();
    line.release();
    await panel('sorted').getByRole('gridcell', { name: 'row 999', exact: true }).waitFor();
    const grid = panel('plain').getByRole('grid');
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('1001');
    expect(await page.getByText('Loading: the first').count()).toBe(0);
  });
});
