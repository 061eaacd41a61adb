import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { type GridPage, openGridPage } from './grid-page.ts';
import { publish } from './publish.ts';

const REGIONS = ['EU', 'US', 'ASIA'];
const ROWS = Array.from({ length: 30 }, (_, i) => ({
  symbol: `S${i}`,
  region: i === 29 ? null : REGIONS[i % 3]!,
  price: (i * 7) % 10,
  size: BigInt(i),
}));

describe('the grid', () => {
  let browser: Browser;
  let gateway: SpawnedGateway;
  let view: GridPage;

  beforeAll(async () => {
    [browser, gateway] = await Promise.all([launchChromium({ isOwn: true }), spawnGateway()]);
    await publish(gateway.url, 'market', ROWS, 'op=upsert&key=symbol');
  });

  afterEach(async () => {
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
  });

  it('sorts by a click on a header, by more columns with Shift, and tells both', async () => {
    view = await openGridPage(browser, gateway.url, 'market');
    await view.grid.getByRole('columnheader', { name: 'price' }).click();
    await view.grid.getByRole('columnheader', { name: 'size' }).click({ modifiers: ['Shift'] });
    await view.grid.getByRole('columnheader', { name: 'size' }).click({ modifiers: ['Shift'] });
    await expect
      .poll(async () => (await view.column('symbol')).slice(0, 4))
      .toEqual(['S20', 'S10', 'S0', 'S23']);
    const sorts = view.page.locator('th').evaluateAll((all) => all.map((th) => th.getAttribute('aria-sort')));
    expect(await sorts).toEqual(['none', 'none', 'ascending', 'none']);
    await view.page.getByRole('button', { name: 'Remove: price ↑' }).click();
    await expect.poll(async () => (await view.column('symbol'))[0]).toBe('S29');
    expect(await view.page.locator('th[aria-sort=descending]').getAttribute('aria-label')).toBe('size');
  });

  it('filters by values that it lists with their counts, and by a number; a chip takes each away', async () => {
    view = await openGridPage(browser, gateway.url, 'market');
    await view.openMenu('region');
    await view.choose('Filter…');
    const form = view.page.getByRole('dialog', { name: 'Filter region' });
    await form.getByRole('combobox').selectOption('is one of');
    expect(
      (await form.locator('label:has([type=checkbox])').allTextContents()).map((text) =>
        text.replace(/\s+/g, ' ').trim(),
      ),
    ).toEqual(['EU 10', 'US 10', 'ASIA 9', 'no value 1']);
    await form.getByLabel('ASIA').check();
    await form.getByRole('button', { name: 'Apply' }).click();
    await view.openMenu('price');
    await view.choose('Filter…');
    await view.page.getByRole('combobox').selectOption('≥');
    await view.page.getByRole('textbox', { name: 'Value' }).fill('8');
    await view.page.keyboard.press('Enter');
    await expect.poll(() => view.column('symbol')).toEqual(['S14', 'S17']);
    expect(await view.grid.getAttribute('aria-rowcount')).toBe('3');
    await view.page.getByRole('main').getByText('2 of 30 rows').waitFor();
    await view.page.getByRole('button', { name: 'Remove: price ≥ 8' }).click();
    await view.page.getByRole('main').getByText('9 of 30 rows').waitFor();
    await view.page.getByRole('button', { name: 'Remove: region is one of ASIA' }).click();
    await expect.poll(() => view.grid.getAttribute('aria-rowcount')).toBe('31');
  });

  it('searches from the key /, and Escape leaves the search', async () => {
    view = await openGridPage(browser, gateway.url, 'market');
    await view.grid.focus();
    await view.page.keyboard.press('/');
    await view.page.keyboard.type('s2');
    await expect
      .poll(() => view.column('symbol'))
      .toEqual(['S2', ...Array.from({ length: 10 }, (_, i) => `S2${i}`)]);
    await view.page.keyboard.press('Escape');
    await expect.poll(() => view.grid.getAttribute('aria-rowcount')).toBe('31');
    expect(await view.grid.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('groups, sums up, and opens and closes groups by keyboard', async () => {
    view = await openGridPage(browser, gateway.url, 'market');
    await view.openMenu('region');
    await view.choose('Group by this');
    await expect
      .poll(() => view.column('region'))
      .toEqual(['ASIA (9)', 'EU (10)', 'US (10)', 'no value (1)']);
    expect(await view.column('size')).toEqual(['126', '135', '145', '29']);
    await view.grid.focus();
    await view.page.keyboard.press('ArrowDown');
    await view.page.keyboard.press('ArrowRight');
    const line = view.grid.getByRole('gridcell', { name: 'EU (10)' });
    await expect.poll(() => line.getAttribute('aria-expanded')).toBe('true');
    expect((await view.column('symbol')).slice(0, 4)).toEqual(['', '', 'S0', 'S3']);
    await view.page.keyboard.press('ArrowLeft');
    await expect.poll(() => line.getAttribute('aria-expanded')).toBe('false');
    await view.page.getByRole('button', { name: 'Remove: grouped by region' }).click();
    await expect.poll(async () => (await view.column('symbol'))[0]).toBe('S0');
  });

  it('keeps columns hidden, pinned, moved and as wide as chosen, over a reload, until the view is reset', async () => {
    view = await openGridPage(browser, gateway.url, 'market');
    await view.openMenu('size');
    await view.choose('Pin left');
    await view.openMenu('region');
    await view.choose('Hide');
    await view.openMenu('price');
    await view.choose('Move left');
    expect(await view.headers()).toEqual(['size', 'price', 'symbol']);
    await view.grid.getByRole('columnheader', { name: 'price' }).hover();
    const edge = (await view.page.locator('th[aria-label=price] .grid-head-edge').boundingBox())!;
    await view.page.mouse.move(edge.x + 4, edge.y + 20);
    await view.page.mouse.down();
    await view.page.mouse.move(edge.x + 104, edge.y + 20, { steps: 4 });
    await view.page.mouse.up();
    const width = () =>
      view.page.locator('th[aria-label=price]').evaluate((th) => th.getBoundingClientRect().width);
    const widened = await width();
    const stored = view.page.waitForFunction(() =>
      localStorage.getItem('tablecast.grids')?.includes('widthsPx'),
    );
    await stored;
    await view.page.reload();
    await view.grid.getByRole('gridcell').first().waitFor();
    expect(await view.headers()).toEqual(['size', 'price', 'symbol']);
    expect(await width()).toBe(widened);
    await view.page.locator('.grid-head-edge').nth(1).dblclick();
    expect(await width()).toBeLessThan(widened);
    await view.page.getByRole('button', { name: 'Table view' }).click();
    await view.choose('Reset view');
    expect(await view.headers()).toEqual(['symbol', 'region', 'price', 'size']);
  });

  it('moves a column that is dragged', async () => {
    view = await openGridPage(browser, gateway.url, 'market');
    const from = (await view.page.locator('th[aria-label=size]').boundingBox())!;
    const to = (await view.page.locator('th[aria-label=region]').boundingBox())!;
    await view.page.mouse.move(from.x + from.width / 2, from.y + 20);
    await view.page.mouse.down();
    await view.page.mouse.move(to.x + 10, to.y + 20, { steps: 6 });
    await view.page.mouse.up();
    expect(await view.headers()).toEqual(['symbol', 'size', 'region', 'price']);
    expect(await view.page.locator('th:not([aria-sort=none])').count()).toBe(0);
  });

  it('selects by dragging, all, a column and a row, and copies exactly, with headers where asked', async () => {
    view = await openGridPage(browser, gateway.url, 'market');
    const clipboard = () => view.page.evaluate(() => navigator.clipboard.readText());
    const cell = async (row: number, column: number) =>
      (await view.grid.locator('tbody tr').nth(row).locator('td').nth(column).boundingBox())!;
    const [from, to] = [await cell(1, 2), await cell(2, 3)];
    await view.page.mouse.move(from.x + 5, from.y + 5);
    await view.page.mouse.down();
    await view.page.mouse.move(to.x + 5, to.y + 5, { steps: 4 });
    await view.page.mouse.up();
    await view.page.keyboard.press('Control+c');
    expect(await clipboard()).toBe('7.0\t1\n4.0\t2');
    await view.page.keyboard.press('Control+Shift+C');
    expect(await clipboard()).toBe('price\tsize\n7.0\t1\n4.0\t2');
    await view.page.keyboard.press('Control+a');
    await view.page.keyboard.press('Control+c');
    expect((await clipboard()).split('\n')).toHaveLength(30);
    await view.page.keyboard.press('Escape');
    await view.page.keyboard.press('Shift+ ');
    await view.page.keyboard.press('Control+c');
    expect(await clipboard()).toBe('S2\tASIA\t4.0\t2');
    await view.page.keyboard.press('Control+ ');
    expect(await view.grid.locator('td[aria-selected=true]').count()).toBeGreaterThan(10);
    await view.page.keyboard.press('Control+c');
    expect((await clipboard()).split('\n').slice(-2)).toEqual(['28', '29']);
    await view.page.getByText('Copied 30 × 1').waitFor();
  });

  it('has menus that the keyboard opens, walks and leaves, with statistics that follow the data', async () => {
    view = await openGridPage(browser, gateway.url, 'market');
    await view.grid.focus();
    await view.page.keyboard.press('ArrowUp');
    expect(await view.activeText()).toContain('symbol');
    await view.page.keyboard.press('End');
    await view.page.keyboard.press('Alt+ArrowDown');
    const menu = view.page.getByRole('menu', { name: 'Menu of size' });
    await menu.waitFor();
    const statistics = view.page.getByRole('region', { name: 'Statistics' });
    await statistics.getByText('14.5').waitFor();
    await publish(
      gateway.url,
      'market',
      [{ symbol: 'S30', region: 'EU', price: 1, size: 1000n }],
      'op=upsert&key=symbol',
    );
    await statistics.getByText('1000', { exact: true }).waitFor();
    await statistics.getByRole('img', { name: 'Histogram from 0 to 1000' }).waitFor();
    await view.page.keyboard.press('f');
    const focused = () => view.page.evaluate(() => document.activeElement?.textContent?.trim());
    expect(await focused()).toBe('Filter…');
    await view.page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    expect(await view.grid.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('tells all of a value that it shows shortened where the pointer or the keyboard is', async () => {
    const publishRatio = (value: number) =>
      publish(gateway.url, 'circles', [{ id: 1, ratio: value }], 'op=upsert&key=id');
    await publishRatio(1.23456789012345);
    view = await openGridPage(browser, gateway.url, 'circles');
    const cell = view.grid.locator('td').nth(1);
    expect(await cell.textContent()).toBe('1.2346');
    expect(await cell.getAttribute('title')).toBeNull();
    await cell.hover();
    await expect.poll(() => cell.getAttribute('title')).toBe('1.23456789012345');
    await view.drawn((await publishRatio(9.87654321098765)).version);
    expect(await cell.getAttribute('title')).toBe('9.87654321098765');
    await view.grid.locator('td').first().click();
    await expect.poll(() => cell.getAttribute('title')).toBeNull();
    await view.page.keyboard.press('ArrowRight');
    await expect.poll(() => cell.getAttribute('title')).toBe('9.87654321098765');
  });
});
