import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { publish, updateData } from './publish.ts';
import { recordFlashes } from './record-flashes.ts';
import { openViewerPage, type ViewerPage } from './viewer-page.ts';

function samples(first: number, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    n: BigInt(first + i),
    value: Math.sin((first + i) / 20),
    other: Math.cos((first + i) / 20),
  }));
}

describe('drawing', () => {
  let browser: Browser;
  let gateway: SpawnedGateway;
  let viewer: ViewerPage;

  beforeAll(async () => {
    [browser, gateway] = await Promise.all([launchChromium(), spawnGateway()]);
    await publish(gateway.url, 'samples', samples(0, 500), 'op=append');
    await publish(gateway.url, 'elsewhere', [{ a: 1 }], 'op=replace');
    viewer = await openViewerPage(browser, `${gateway.url}?table=samples`);
  });

  afterAll(async () => {
    await viewer?.close();
    await browser?.close();
    await gateway?.close();
  });

  it('happens 0 times while publications are only held', async () => {
    const before = await viewer.draws();
    for (let i = 0; i < 5; i++)
      await publish(gateway.url, 'samples', samples(500 + i, 1), 'op=append&commit=hold');
    const { version } = await publish(gateway.url, 'elsewhere', [{ a: 2 }], 'op=replace&commit=auto');
    await viewer.drawn(version);
    expect(await viewer.draws()).toEqual(before);
  });

  it('happens exactly once for a commit that changes the table, however many publications it shows', async () => {
    const before = await viewer.draws();
    const { version, rendered } = await updateData(gateway.url, 'wait=rendered&timeout_ms=20000');
    expect(rendered).toBe(1);
    await viewer.drawn(version);
    expect(await viewer.draws()).toEqual({ grid: before.grid + 1, chart: before.chart + 1 });
    expect(await viewer.page.getByRole('grid', { name: 'samples' }).getAttribute('aria-rowcount')).toBe(
      '506',
    );
  });

  it('happens 0 times when another table changes, or nothing does, though the version goes on', async () => {
    const before = await viewer.draws();
    await publish(gateway.url, 'elsewhere', [{ a: 3 }], 'op=replace');
    const { version, tables } = await updateData(gateway.url);
    expect(tables).toEqual([]);
    await viewer.drawn(version);
    expect(await viewer.draws()).toEqual(before);
  });

  it('happens 0 times on heartbeats and polls', async () => {
    const before = await viewer.draws();
    await viewer.page.waitForResponse((response) => response.url().endsWith('/tables'));
    await viewer.page.waitForResponse((response) => response.url().endsWith('/tables'));
    expect(await viewer.draws()).toEqual(before);
  });

  it('leaves the scroll position of the table and the zoom of the chart as they were, over 20 commits', async () => {
    const { page } = viewer;
    const state = () =>
      page.evaluate(() => ({
        scrollTop: document.querySelector('[role=grid]')?.scrollTop,
        first: document.querySelector('[role=gridcell]')?.textContent,
        zoom: document.querySelector<HTMLElement>('.chart')?.dataset.zoom,
      }));
    const box = (await page.locator('.chart').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, -400);
    await page.waitForFunction(
      () => document.querySelector<HTMLElement>('.chart')?.dataset.zoom !== undefined,
    );
    await page.getByRole('grid').evaluate((grid) => {
      grid.scrollTop = 100 * 26;
    });
    await page.waitForFunction(() => document.querySelector('[role=gridcell]')?.textContent === '100');
    const before = await state();
    const drawsBefore = await viewer.draws();
    for (let i = 0; i < 20; i++) {
      const { version } = await publish(gateway.url, 'samples', samples(600 + i, 1), 'op=append');
      await viewer.drawn(version);
    }
    expect(await state()).toEqual(before);
    expect(await viewer.draws()).toEqual({ grid: drawsBefore.grid + 20, chart: drawsBefore.chart + 20 });
  });

  it('happens 0 times while the page is hidden, and once on return, with all that came', async () => {
    const { page } = viewer;
    const setVisible = (isVisible: boolean) =>
      page.evaluate(
        (state) => {
          Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        },
        isVisible ? 'visible' : 'hidden',
      );
    const before = await viewer.draws();
    await setVisible(false);
    await publish(gateway.url, 'samples', samples(700, 1), 'op=append');
    await publish(gateway.url, 'samples', samples(701, 1), 'op=append');
    const answer = await updateData(gateway.url, 'wait=rendered&timeout_ms=20000');
    expect(answer).toMatchObject({ rendered: 0, pending: 0, hidden: 1 });
    expect(await viewer.draws()).toEqual(before);
    await setVisible(true);
    await viewer.drawn(answer.version);
    expect(await viewer.draws()).toEqual({ grid: before.grid + 1, chart: before.chart + 1 });
  });

  it('marks a changed number as up or down', async () => {
    await publish(gateway.url, 'keyed', [{ id: 'a', price: 1.5 }], 'op=upsert&key=id');
    await viewer.page.getByRole('link', { name: 'keyed' }).click();
    await viewer.page.getByRole('grid', { name: 'keyed' }).waitFor();
    // First rows may be there before the table is.
    expect(await updateData(gateway.url, 'wait=rendered&timeout_ms=20000')).toMatchObject({ rendered: 1 });
    const flashes = await recordFlashes(viewer.page);
    const { version } = await publish(gateway.url, 'keyed', [{ id: 'a', price: 2.5 }], 'op=upsert&key=id');
    await viewer.drawn(version);
    expect(await flashes()).toMatchObject([{ change: 'up', text: '2.5' }]);
    await expect.poll(() => viewer.page.locator('td[data-flash]').getAttribute('data-flash')).toBe('faded');
    expect(viewer.page.url()).toContain('?table=keyed');
  });

  it('is of the last one of many commits that come while the page is busy, which get merged at the gateway', async () => {
    const merged = async () => {
      const metrics = await (await fetch(new URL('metrics', gateway.url))).text();
      return Number(/^tablecast_conflated_commits_total (\d+)/m.exec(metrics)?.[1]);
    };
    const before = await merged();
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    await viewer.page.route('**/busy', async (route) => {
      await ended;
      await route.fulfill({ body: '' });
    });
    const hasBegun = viewer.page.waitForRequest('**/busy');
    const busy = viewer.page.evaluate(() => {
      const request = new XMLHttpRequest();
      // The page does nothing else until it is answered.
      request.open('GET', 'busy', false);
      request.send();
    });
    await hasBegun;
    let version = 0;
    for (let price = 0; price < 20; price++)
      ({ version } = await publish(gateway.url, 'keyed', [{ id: 'a', price }], 'op=upsert&key=id'));
    end();
    await busy;
    await viewer.drawn(version);
    expect(await merged()).toBeGreaterThanOrEqual(before + 10);
    const row = viewer.page.getByRole('grid', { name: 'keyed' }).getByRole('gridcell');
    const rows = await (await fetch(new URL('tables/keyed.csv', gateway.url))).text();
    expect(`id,price\n${(await row.allTextContents()).join()}\n`).toBe(rows);
  });

  it('makes the page complain of nothing', () => {
    expect(viewer.complaints).toEqual([]);
  });
});
