import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { axeFaults, overflowPx } from './axe-faults.ts';
import { openDashboard, saveDashboard } from './dashboard-page.ts';
import { publish } from './publish.ts';

const MARKUP = '<img src=x onerror="document.title=1">';
let browser: Browser;
let gateway: SpawnedGateway;

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium(), spawnGateway()]);
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

const place = (i: number) => ({ x: 6 * (i % 2), y: 8 * Math.floor(i / 2), width: 6, height: 8 });
const upsert = (rows: Record<string, string | number | null>[], table = 'prices') =>
  publish(gateway.url, table, rows, 'op=upsert&key=symbol');

describe('panels', () => {
  it('draw for commits of their own table alone: 20 charts of others draw nothing', async () => {
    const tables = Array.from({ length: 20 }, (_, i) => `t${i}`);
    for (const table of tables) await upsert([{ symbol: 'A', price: 1 }], table);
    const panels = tables.map((table, i) => ({ id: table, type: 'chart', table, ...place(i) }));
    await upsert([{ symbol: 'A', price: 1 }]);
    await saveDashboard(gateway.url, 'many', { panels });
    const viewer = await openDashboard(browser, `${gateway.url}?dashboard=many`, { bypassCSP: false });
    for (const table of tables) await viewer.panel(table).locator('canvas').waitFor();
    const before = await viewer.panelDraws();
    for (let i = 0; i < 5; i++) await upsert([{ symbol: 'A', price: i }]);
    const last = await upsert([{ symbol: 'B', price: 5 }]);
    await viewer.drawn(last.version);
    expect(await viewer.panelDraws()).toEqual(before);
    const own = await upsert([{ symbol: 'B', price: 5 }], 't7');
    await viewer.drawn(own.version);
    expect(await viewer.panelDraws()).toEqual({ ...before, t7: before.t7! + 1 });
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('come when their table comes, and go with it', async () => {
    await saveDashboard(gateway.url, 'coming', {
      panels: [{ id: 'a', type: 'table', table: 'soon', ...place(0) }],
    });
    const viewer = await openDashboard(browser, `${gateway.url}?dashboard=coming`);
    await viewer.page.getByText('There is no table “soon” yet.').waitFor();
    await upsert([{ symbol: 'A', price: 1 }], 'soon');
    await viewer.panel('soon').getByRole('gridcell', { name: 'A' }).waitFor();
    await fetch(`${gateway.url}tables/soon`, { method: 'DELETE' });
    await viewer.page.getByText('There is no table “soon” yet.').waitFor();
    expect(await viewer.page.getByRole('grid').count()).toBe(0);
    await viewer.close();
  });

  it('take over how others saved them meanwhile, and stay as they are where their viewer sorts', async () => {
    const rows = ['A', 'B'].map((symbol, price) => ({ symbol, price }));
    await upsert(rows, 'sorted');
    const first = { id: 'a', type: 'table', table: 'sorted', title: 'First', ...place(0) };
    const second = { id: 'b', type: 'table', table: 'absent', title: 'Second', ...place(1) };
    await saveDashboard(gateway.url, 'shared', { panels: [first, second] });
    const viewer = await openDashboard(browser, `${gateway.url}?dashboard=shared`);
    const cells = viewer.panel('First').getByRole('gridcell');
    await cells.getByText('A', { exact: true }).first().waitFor();
    await viewer.panel('Second').getByText('absent').waitFor();
    const view = { sort: [{ column: 'price', direction: 'descending' }] };
    const saved = {
      panels: [
        { ...first, view },
        { ...second, table: 'sorted' },
      ],
    };
    await saveDashboard(gateway.url, 'shared', saved, true);
    await viewer.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await viewer.panel('Second').getByRole('gridcell', { name: 'A' }).waitFor();
    await expect.poll(() => cells.first().textContent()).toBe('B');
    const holder = viewer.panel('First').locator('.grid-holder');
    await holder.evaluate((element) => element.setAttribute('data-seen', 'before'));
    await viewer.panel('First').getByRole('columnheader', { name: 'symbol' }).click();
    await viewer.button('Save').waitFor();
    await expect.poll(() => cells.first().textContent()).toBe('A');
    expect(await holder.getAttribute('data-seen')).toBe('before');
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });
});

describe('thresholds', () => {
  const over = (value: string, level: string) => ({
    table: 'limits',
    column: 'price',
    is: '>',
    value,
    level,
  });
  const rows = (price: number) =>
    upsert(
      [
        { symbol: 'A', price },
        { symbol: 'B', price: 1 },
      ],
      'limits',
    );

  it('mark cells by more than colour, and tell of what begins and is over', async () => {
    await rows(5);
    await saveDashboard(gateway.url, 'limits', {
      panels: [{ id: 'a', type: 'table', table: 'limits', ...place(0) }],
    });
    const viewer = await openDashboard(browser, `${gateway.url}?dashboard=limits`);
    const { page, button } = viewer;
    await viewer.panel('limits').getByRole('gridcell', { name: '5' }).waitFor();
    await button('Thresholds').click();
    for (const [value, level] of [
      ['10', 'critical'],
      ['4.5', 'notice'],
    ]) {
      await page.getByRole('combobox', { name: 'Column' }).selectOption('price');
      await page.getByRole('textbox', { name: 'Value' }).fill(value!);
      await page.getByRole('combobox', { name: 'Level' }).selectOption(level!);
      await button('Add threshold').click();
    }
    await button('Remove threshold limits · price > 10').waitFor();
    await page.getByRole('textbox', { name: 'Value' }).fill('much');
    await button('Add threshold').click();
    await page.getByRole('alert').getByText('does not fit').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
    const marked = page.locator('td.mark');
    await page.locator('td.mark-notice').waitFor();
    expect(await marked.count()).toBe(1);
    const notices = page.getByRole('region', { name: 'Notices' });
    await notices.getByRole('listitem').waitFor();
    expect(await notices.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/notice\s+limits · price > 4.5 · A: 5/),
    ]);
    expect(await notices.getByRole('list').getAttribute('aria-live')).toBe('polite');
    await notices.getByRole('listitem').evaluate((item) => item.setAttribute('data-said', 'before'));
    await rows(11);
    await page.locator('td.mark-critical').waitFor();
    expect(await page.locator('td.mark-critical').getAttribute('title')).toBe(
      'critical: limits · price > 10',
    );
    const sign = await marked.evaluate((cell) => getComputedStyle(cell, '::after').content);
    expect(sign).toContain('◆');
    await notices.getByRole('listitem').nth(1).waitFor();
    // An element that stays is not said again.
    const said = notices.getByRole('listitem').nth(1);
    expect(await said.getAttribute('data-said')).toBe('before');
    const { version } = await rows(3);
    await viewer.drawn(version);
    await notices.getByText('over', { exact: true }).nth(1).waitFor();
    expect(await marked.count()).toBe(0);
    await button('Dismiss limits · price > 10 · A: 11.0').click();
    expect(await notices.getByRole('listitem').count()).toBe(1);
    await button('Save').click();
    await button('Thresholds (2)').waitFor();
    const saved = (await (await fetch(`${gateway.url}dashboards/limits`)).json()) as object;
    expect(saved).toMatchObject({ thresholds: [over('10', 'critical'), over('4.5', 'notice')] });
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('tell a bounded number of notices, and how many more there were', async () => {
    await upsert(
      Array.from({ length: 60 }, (_, i) => ({ symbol: `S${i}`, price: i })),
      'crowd',
    );
    await saveDashboard(gateway.url, 'crowd', {
      panels: [],
      thresholds: [{ ...over('-1', 'warning'), table: 'crowd' }],
    });
    const viewer = await openDashboard(browser, `${gateway.url}?dashboard=crowd&kiosk=1`);
    await viewer.page.getByText('and 40 more').waitFor();
    expect(await viewer.page.locator('.dash-notice').count()).toBe(20);
    expect(await viewer.button(/Dismiss/).count()).toBe(0);
    expect(await axeFaults(viewer.page)).toEqual([]);
    await viewer.close();
  });
});

describe('hostile names', () => {
  it('are text, whatever they are names of', async () => {
    await publish(gateway.url, '__proto__', [{ [MARKUP]: 5, constructor: 7 }], 'op=replace');
    const thresholds = [MARKUP, '__proto__', 'constructor'].map((column) => ({
      table: '__proto__',
      column,
      is: '>',
      value: '1',
      level: 'critical',
    }));
    await saveDashboard(gateway.url, '__proto__', {
      title: MARKUP,
      panels: [
        {
          id: '__proto__',
          type: 'table',
          table: '__proto__',
          title: MARKUP,
          ...place(0),
          view: { sort: [{ column: '__proto__', direction: 'ascending' }], filters: 'all' },
        },
        {
          id: 'constructor',
          type: 'chart',
          table: '__proto__',
          ...place(1),
          chart: { type: 'bar', x: '__proto__', y: [MARKUP], onclick: 'alert(1)' },
        },
        { id: '"]', type: 'chart', table: MARKUP, ...place(2) },
      ],
      thresholds,
    });
    const viewer = await openDashboard(browser, `${gateway.url}?dashboard=__proto__`, { bypassCSP: false });
    const { page } = viewer;
    await page.getByRole('heading', { level: 1, name: MARKUP }).waitFor();
    await page.locator('td.mark-critical').nth(1).waitFor();
    await page.getByText('Nothing here that a chart could show.').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.title()).toBe(`${MARKUP} · Tablecast`);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });
});

describe('a dashboard is for everybody', () => {
  it.each([
    ['en-GB', 'light', 'Edit'],
    ['zh-CN', 'dark', '编辑'],
    ['ja-JP', 'light', '編集'],
  ] as const)('in %s, %s, on 360 px', async (locale, colorScheme, edit) => {
    await upsert([{ symbol: 'A', price: 1 }], 'small');
    const name = `for-${locale}`;
    await saveDashboard(gateway.url, name, {
      title: 'A title that is rather long for so small a screen',
      panels: [
        { id: 'b', type: 'chart', table: 'small', ...place(1), title: 'Second' },
        { id: 'a', type: 'table', table: 'small', ...place(0), title: 'First' },
      ],
      thresholds: [{ table: 'small', column: 'price', is: '>', value: '0', level: 'warning' }],
    });
    const options = { locale, colorScheme, viewport: { width: 360, height: 740 } };
    const viewer = await openDashboard(browser, `${gateway.url}?dashboard=${name}`, options);
    const { page } = viewer;
    await page.locator('td.mark-warning').waitFor();
    await page.locator('.dash-notice').waitFor();
    expect([await overflowPx(page), await axeFaults(page)]).toEqual([0, []]);
    expect(await viewer.names()).toEqual(['First', 'Second']);
    const tops = await page
      .locator('tablecast-dashboard-panel')
      .evaluateAll((panels) => panels.map((panel) => panel.getBoundingClientRect().top));
    expect(tops[0]).toBeLessThan(tops[1]!);
    await viewer.button(edit).click();
    expect([await overflowPx(page), await axeFaults(page)]).toEqual([0, []]);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it.each(['embed', 'kiosk'])('as %s it has nothing to work it by', async (mode) => {
    await upsert([{ symbol: 'A', price: 1 }]);
    await saveDashboard(gateway.url, mode, {
      panels: [{ id: 'a', type: 'table', table: 'prices', ...place(0) }],
    });
    const viewer = await openDashboard(browser, `${gateway.url}?dashboard=${mode}&${mode}=1`);
    await viewer.panel('prices').getByRole('gridcell').first().waitFor();
    expect(await viewer.button(/^(Edit|Save|Copy link|Thresholds)/).count()).toBe(0);
    expect(await viewer.page.getByRole('navigation').count()).toBe(0);
    expect(await axeFaults(viewer.page)).toEqual([]);
    await viewer.close();
  });
});
