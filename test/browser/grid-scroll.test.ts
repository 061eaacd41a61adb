import { Int64 } from 'apache-arrow';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { arrowOf } from '../support/arrow-messages.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { openPush } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { type GridPage, openGridPage } from './grid-page.ts';
import { publish } from './publish.ts';

const rows = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ n: BigInt(first + i) }));

describe('a grid that is scrolled', () => {
  let browser: Browser;
  let gateway: SpawnedGateway;
  let view: GridPage;

  beforeAll(async () => {
    [browser, gateway] = await Promise.all([launchChromium(), spawnGateway()]);
  });

  afterEach(async () => {
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
  });

  const last = async () => (await view.column('n')).at(-1);
  const append = async (table: string, first: number, count: number) =>
    view.drawn((await publish(gateway.url, table, rows(first, count), 'op=append')).version);

  it('opens at the end and goes along with it, until the viewer scrolls away and jumps back', async () => {
    await publish(gateway.url, 'log', rows(0, 500), 'op=append');
    view = await openGridPage(browser, gateway.url, 'log');
    await expect.poll(last).toBe('499');
    await append('log', 500, 3);
    expect(await last()).toBe('502');
    const scrollTop = () => view.grid.evaluate((grid) => grid.scrollTop);
    const endPx = await scrollTop();
    await view.grid.hover();
    await view.page.mouse.wheel(0, -2600);
    await expect.poll(scrollTop).toBe(endPx - 2600);
    await expect.poll(last).toBe('402');
    const before = await view.column('n');
    await append('log', 503, 20);
    expect(await view.column('n')).toEqual(before);
    await view.page.getByRole('button', { name: 'Jump to the end · 20 new rows' }).click();
    expect(await last()).toBe('522');
    await append('log', 523, 1);
    expect(await last()).toBe('523');
    expect(await view.page.getByRole('button', { name: /Jump/ }).isVisible()).toBe(false);
  });

  it.each([
    ['as it opens', async () => {}],
    [
      'after a cell was selected while all rows were in view',
      async () => view.grid.getByRole('gridcell').first().click(),
    ],
    ['after the keyboard came to it while all rows were in view', async () => view.grid.focus()],
    [
      'while its view shrinks and grows',
      async (at: number) => view.page.setViewportSize({ width: 1440, height: at % 2 === 0 ? 900 : 560 }),
    ],
  ])('goes along with a table that outgrows its view: %s', async (how, act) => {
    const table = `growing-${how.length}`;
    await publish(gateway.url, table, rows(0, 3), 'op=append');
    view = await openGridPage(browser, gateway.url, table, { viewport: { width: 1440, height: 900 } });
    await act(0);
    for (let next = 3; next < 40; next += 4) {
      await append(table, next, 4);
      if (how.startsWith('while')) await act(next >> 2);
      await expect.poll(last).toBe(String(next + 3));
    }
    expect(await view.page.getByRole('button', { name: /Jump/ }).isVisible()).toBe(false);
  });

  it('over a few rows, leaves those that stay in view as they are, all in their order', async () => {
    await publish(gateway.url, 'steps', rows(0, 500), 'op=upsert&key=n');
    view = await openGridPage(browser, gateway.url, 'steps');
    await view.grid.evaluate((grid) => {
      for (const tr of grid.querySelectorAll<HTMLElement>('tbody tr')) tr.dataset.was = tr.textContent ?? '';
    });
    const shown = () =>
      view.grid.evaluate((grid) =>
        [...grid.querySelectorAll<HTMLElement>('tbody tr')].map((tr) => ({
          text: tr.textContent,
          was: tr.dataset.was,
          index: Number(tr.getAttribute('aria-rowindex')) - 2,
          topPx: tr.getBoundingClientRect().top - grid.getBoundingClientRect().top - 52,
        })),
      );
    const count = (await shown()).length;
    for (const first of [3, 1, 5, 6]) {
      await view.grid.evaluate((grid, row) => {
        grid.scrollTop = row * 26 + 4;
      }, first);
      await expect.poll(view.firstRow).toBe(first);
      const now = await shown();
      expect(now.map(({ text }) => text)).toEqual(now.map((_, i) => String(first + i)));
      expect(now.map(({ index }) => index)).toEqual(now.map((_, i) => first + i));
      expect(now.map(({ topPx }) => topPx)).toEqual(now.map((_, i) => i * 26 - 4));
    }
    // Those that went out at the top came in at the bottom.
    const kept = (await shown()).slice(0, count - 6);
    expect(kept.map(({ was }) => was)).toEqual(kept.map(({ text }) => text));
  });

  it.each([[0], [1500], [40_000]])(
    'by steps and jumps around row %i shows each row once, where it belongs',
    async (from) => {
      await publish(gateway.url, 'far', rows(0, 50_000), 'op=upsert&key=n');
      view = await openGridPage(browser, gateway.url, 'far');
      let first = from;
      for (const step of [0, 7, 40, -3, 2000, 5, -2008, 1, 1]) {
        first = Math.max(0, first + step);
        await view.grid.evaluate((grid, row) => {
          grid.scrollTop = row * 26;
        }, first);
        await expect.poll(view.firstRow).toBe(first);
        const texts = await view.column('n');
        expect(texts).toEqual(texts.map((_, i) => String(first + i)));
        const box = await view.grid.locator('tbody tr').first().boundingBox();
        const grid = await view.grid.boundingBox();
        expect(Math.round(box!.y - grid!.y)).toBe(52);
      }
    },
  );

  it('holds rows in view, and those selected, in their place while retention takes others from the front', async () => {
    const push = openPush(gateway.pull);
    const publishRows = (first: number, count: number) =>
      push.publish('ring', arrowOf(rows(first, count), { types: { n: new Int64() } }), {
        op: 'append',
        retention: { max_rows: 500 },
      });
    try {
      await publishRows(0, 500);
      view = await openGridPage(browser, gateway.url, 'ring');
      await expect.poll(last).toBe('499');
      await view.grid.evaluate((grid) => {
        grid.scrollTop = 300 * 26 + 5;
      });
      await expect.poll(view.firstRow).toBe(300);
      await view.grid.locator('td').nth(3).click();
      const before = await view.column('n');
      for (let i = 0; i < 10; i++) await publishRows(500 + 20 * i, 20);
      await expect.poll(view.firstRow).toBe(100);
      expect(await view.column('n')).toEqual(before);
      expect(await view.activeText()).toBe('303');
    } finally {
      push.close();
    }
  });

  it('holds rows in view while rows before them are deleted', async () => {
    await publish(gateway.url, 'kept', rows(0, 300), 'op=upsert&key=n');
    view = await openGridPage(browser, gateway.url, 'kept');
    await view.grid.evaluate((grid) => {
      grid.scrollTop = 100 * 26 + 5;
    });
    await expect.poll(view.firstRow).toBe(100);
    const before = await view.column('n');
    await view.drawn((await publish(gateway.url, 'kept', rows(0, 40), 'op=delete')).version);
    expect(await view.column('n')).toEqual(before);
    expect(await view.firstRow()).toBe(60);
  });

  it('stays where it is while a table is replaced as a whole', async () => {
    await publish(gateway.url, 'whole', rows(0, 300), 'op=replace');
    view = await openGridPage(browser, gateway.url, 'whole');
    await view.grid.evaluate((grid) => {
      grid.scrollTop = 100 * 26;
    });
    await expect.poll(view.firstRow).toBe(100);
    await view.drawn((await publish(gateway.url, 'whole', rows(1000, 300), 'op=replace')).version);
    expect(await view.firstRow()).toBe(100);
    expect((await view.column('n'))[0]).toBe('1100');
  });

  it('of a million rows stays right: the middle stays put, the wheel goes by rows, the ends are reached', async () => {
    await publish(gateway.url, 'long', rows(0, 1_000_000), 'op=append');
    view = await openGridPage(browser, gateway.url, 'long');
    await expect.poll(last).toBe('999999');
    await view.grid.evaluate((grid) => {
      grid.scrollTop = (grid.scrollHeight - grid.clientHeight) / 2;
    });
    await expect.poll(async () => Math.abs((await view.firstRow()) - 500_000)).toBeLessThan(50);
    const before = await view.column('n');
    expect(before[0]).toBe(String(await view.firstRow()));
    for (let i = 0; i < 5; i++) await append('long', 1_000_000 + i * 1000, 1000);
    expect(await view.column('n')).toEqual(before);
    const first = await view.firstRow();
    await view.grid.hover();
    await view.page.mouse.wheel(0, 260);
    await expect.poll(view.firstRow).toBe(first + 10);
    await view.grid.focus();
    await view.page.keyboard.press('Control+Home');
    expect(await view.column('n')).toContain('0');
    await view.page.keyboard.press('Control+End');
    await expect.poll(last).toBe('1004999');
    expect(await view.activeText()).toBe('1004999');
  });
});
