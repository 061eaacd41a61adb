import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layoutFragment } from '../../ui/dashboard/layout-link.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { axeFaults } from './axe-faults.ts';
import { type OpenedDashboard, openDashboard, saveDashboard } from './dashboard-page.ts';
import { publish } from './publish.ts';

let browser: Browser;
let gateway: SpawnedGateway;

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium({ isOwn: true }), spawnGateway()]);
  const rows = Array.from({ length: 9 }, (_, i) => ({ symbol: `S${i}`, price: 10 * i, size: i }));
  await publish(gateway.url, 'prices', rows, 'op=upsert&key=symbol');
  await publish(gateway.url, 'load', [{ n: 1n, load: 0.5 }], 'op=append');
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

describe('a dashboard that is built', () => {
  let viewer: OpenedDashboard;
  const announced = () => viewer.page.locator('[aria-live=assertive]').textContent();

  beforeAll(async () => {
    viewer = await openDashboard(browser, `${gateway.url}?dashboard=`);
  });
  afterAll(() => viewer?.close());

  it('takes a table and a chart of chosen columns', async () => {
    const { page, button, place } = viewer;
    await button('Add panel').click();
    await page.getByRole('combobox', { name: 'Table', exact: true }).selectOption('prices');
    await button('Apply').click();
    await viewer.panel('prices').getByRole('gridcell', { name: 'S0' }).waitFor();
    await button('Add panel').click();
    await page.getByRole('combobox', { name: 'Table', exact: true }).selectOption('prices');
    await page.getByLabel('Shows').selectOption('chart');
    await page.getByLabel('Title').fill('Sizes');
    await page.getByLabel('Kind of chart').selectOption('bar');
    await page.getByRole('checkbox', { name: 'size' }).check();
    await button('Apply').click();
    await viewer.panel('Sizes').getByRole('img', { name: 'Bar chart of size by symbol' }).waitFor();
    expect([await place('prices'), await place('Sizes')]).toEqual([
      [0, 0, 6, 8],
      [6, 0, 6, 8],
    ]);
    expect(await axeFaults(page)).toEqual([]);
  });

  it('is laid out by the keyboard, which is told where a panel stands', async () => {
    const { page, button, place } = viewer;
    const move = button('Move or resize Sizes');
    await move.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await announced()).toBe('Sizes: column 6, row 1, 6 wide, 8 high');
    expect([await place('Sizes'), await place('prices')]).toEqual([
      [5, 0, 6, 8],
      [0, 8, 6, 8],
    ]);
    await page.keyboard.press('ArrowDown');
    expect([await place('Sizes'), await place('prices')]).toEqual([
      [5, 8, 6, 8],
      [0, 0, 6, 8],
    ]);
    await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await announced()).toBe('Sizes: column 6, row 9, 7 wide, 7 high');
    expect(await move.evaluate((element) => element === document.activeElement)).toBe(true);
    for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
    expect(await place('Sizes')).toEqual([5, 8, 7, 7]);
  });

  it('is laid out by the mouse, and Escape calls a drag off', async () => {
    const { page, button, place } = viewer;
    const grid = (await page.locator('.dash-grid').boundingBox())!;
    const columnPx = (grid.width + 8) / 12;
    const drag = async (from: { x: number; y: number }, dx: number, dy: number, isDropped: boolean) => {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(from.x + dx / 2, from.y + dy / 2);
      await page.mouse.move(from.x + dx, from.y + dy);
      if (!isDropped) await page.keyboard.press('Escape');
      await page.mouse.up();
    };
    const centre = async (name: string) => {
      const box = (await button(`Move or resize ${name}`).boundingBox())!;
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    };
    await drag(await centre('prices'), 3 * columnPx, 0, false);
    expect(await place('prices')).toEqual([0, 0, 6, 8]);
    await drag(await centre('prices'), 3 * columnPx, 0, true);
    expect(await place('prices')).toEqual([3, 0, 6, 8]);
    expect(await announced()).toBe('prices: column 4, row 1, 6 wide, 8 high');
    const corner = (await viewer.panel('prices').locator('.dash-corner').boundingBox())!;
    await drag({ x: corner.x + 10, y: corner.y + 10 }, -2 * columnPx, -2 * 48, true);
    expect([await place('prices'), await place('Sizes')]).toEqual([
      [3, 0, 4, 6],
      [5, 6, 7, 7],
    ]);
  });

  it('is saved under a name, listed, and the same after a reload, with the view of its table', async () => {
    const { page, button, place } = viewer;
    const panel = viewer.panel('prices');
    await panel.getByRole('columnheader', { name: 'price' }).click();
    await panel.getByRole('columnheader', { name: 'price' }).click();
    await panel.getByRole('gridcell', { name: 'S8' }).waitFor();
    await button('Save as').click();
    await page.getByLabel('Name').fill('看板');
    await page.getByLabel('Title').fill('My <b>board</b>');
    await button('Save').click();
    await page.getByRole('link', { name: 'My <b>board</b>' }).waitFor();
    expect(new URL(page.url()).searchParams.get('dashboard')).toBe('看板');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'My <b>board</b>' }).waitFor();
    await page.locator('html[data-version]').waitFor();
    expect(await viewer.panel('prices').getByRole('gridcell').first().textContent()).toBe('S8');
    expect([await place('prices'), await place('Sizes')]).toEqual([
      [3, 0, 4, 6],
      [5, 6, 7, 7],
    ]);
    await viewer.panel('Sizes').getByRole('img', { name: 'Bar chart of size by symbol' }).waitFor();
    expect(await page.title()).toBe('My <b>board</b> · Tablecast');
    expect(await button('Save').count()).toBe(0);
  });

  it('is shared as an address that holds all of it, saved or not', async () => {
    const { page, button } = viewer;
    await button('Edit').click();
    await button('Remove Sizes').click();
    await button('Copy link').click();
    const link = await page.getByRole('dialog').getByRole('textbox').inputValue();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    const other = await openDashboard(browser, link);
    await other.panel('prices').getByRole('gridcell', { name: 'S8' }).waitFor();
    expect(await other.names()).toEqual(['prices']);
    await other.button('Save').waitFor();
    await other.close();
    const embedded = await openDashboard(browser, link.replace('?', '?embed=1&'));
    await embedded.panel('prices').getByRole('gridcell', { name: 'S8' }).waitFor();
    expect(await embedded.button(/^(Edit|Save|Copy link|Thresholds|Add panel)/).count()).toBe(0);
    await embedded.close();
    const cut = await openDashboard(browser, link.slice(0, -8));
    await cut.page.getByRole('alert').getByText('The layout in this address cannot be used').waitFor();
    expect(await cut.names()).toEqual(['prices', 'Sizes']);
    await cut.close();
    expect(viewer.complaints).toEqual([]);
  });
});

describe('two viewers of one dashboard', () => {
  it('do not overwrite each other unawares', async () => {
    const panel = { id: 'a', type: 'table', table: 'prices', x: 0, y: 0, width: 6, height: 8 };
    await saveDashboard(gateway.url, 'both', { panels: [panel] });
    const address = `${gateway.url}?dashboard=both`;
    const [first, second] = await Promise.all([
      openDashboard(browser, address),
      openDashboard(browser, address),
    ]);
    // Who edits does not get what others save meanwhile.
    const edit = (viewer: OpenedDashboard) => viewer.button('Edit').click();
    const widen = async (viewer: OpenedDashboard, times: number) => {
      await viewer.button('Move or resize prices').focus();
      for (let i = 0; i < times; i++) await viewer.page.keyboard.press('Shift+ArrowRight');
      await viewer.button('Save').click();
    };
    await edit(first);
    await edit(second);
    await widen(first, 1);
    await edit(first);
    await widen(second, 2);
    await second.page.getByRole('alert').getByText('Somebody else saved').waitFor();
    const saved = async () =>
      ((await (await fetch(`${gateway.url}dashboards/both`)).json()) as { panels: { width: number }[] })
        .panels[0]!.width;
    expect([await saved(), await second.place('prices')]).toEqual([7, [0, 0, 8, 8]]);
    await second.button('Overwrite with mine').click();
    await second.page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await saved()).toBe(8);
    await widen(first, 2);
    await first.page.getByRole('alert').waitFor();
    expect(await first.place('prices')).toEqual([0, 0, 9, 8]);
    await first.button('Load theirs').click();
    await expect.poll(() => first.place('prices')).toEqual([0, 0, 8, 8]);
    await first.page.getByRole('alert').waitFor({ state: 'detached' });
    // The browser itself tells of answers that are refusals.
    expect([...first.complaints, ...second.complaints].filter((text) => !text.includes('412'))).toEqual([]);
    await first.close();
    await second.close();
  });

  it.each([
    ['a new one', 'mine1', 'theirs1', ''],
    ['another', 'mine2', 'theirs2', 'mine2'],
  ])('choose what is kept where %s is saved under a name that is taken', async (_, mine, theirs, own) => {
    const panels = [{ id: 'a', type: 'table', table: 'prices', x: 0, y: 0, width: 6, height: 8 } as const];
    await saveDashboard(gateway.url, mine, { title: 'Mine', panels });
    await saveDashboard(gateway.url, theirs, { title: 'Theirs', panels });
    const link = await layoutFragment({ title: 'Linked', panels });
    const viewer = await openDashboard(browser, `${gateway.url}?dashboard=${own}${link}`);
    const { page, button } = viewer;
    const titled = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
    const saveOverTheirs = async () => {
      await titled('Linked');
      await button('Edit').click();
      await button('Save as').click();
      await page.getByLabel('Name').fill(theirs);
      await page.getByLabel('Title').fill('Better');
      await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('alert').getByText(`There already is a dashboard “${theirs}”.`).waitFor();
    };
    const savedTitles = () =>
      Promise.all(
        [mine, theirs].map(async (name) => {
          const response = await fetch(`${gateway.url}dashboards/${name}`);
          return ((await response.json()) as { title?: string }).title;
        }),
      );
    await saveOverTheirs();
    await button('Load theirs').click();
    await titled('Theirs');
    expect(await savedTitles()).toEqual(['Mine', 'Theirs']);
    await page.goto(`${gateway.url}?dashboard=${own}${link}`);
    await saveOverTheirs();
    await button('Overwrite with mine').click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await titled('Better');
    expect(await savedTitles()).toEqual(['Mine', 'Better']);
    expect(new URL(page.url()).searchParams.get('dashboard')).toBe(theirs);
    await viewer.close();
  });

  it('are told where one is not there, and make or delete it', async () => {
    const viewer = await openDashboard(browser, `${gateway.url}?dashboard=later`);
    const { page, button } = viewer;
    await page.getByText('There is no dashboard “later”.').waitFor();
    await button('Make it').click();
    await button('Save').click();
    await page.getByRole('link', { name: 'later' }).waitFor();
    await button('Edit').click();
    await button('Delete dashboard').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete dashboard' }).click();
    await page.getByRole('link', { name: 'later' }).waitFor({ state: 'detached' });
    await page.getByRole('grid').waitFor();
    expect((await fetch(`${gateway.url}dashboards/later`)).status).toBe(404);
    await viewer.close();
  });
});
