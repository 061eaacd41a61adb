import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { openPush } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { axeFaults, overflowPx } from './axe-faults.ts';
import { publish, updateData } from './publish.ts';
import { openViewerPage, type ViewerPage } from './viewer-page.ts';

const numbered = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ n: BigInt(first + i) }));

let browser: Browser;
let gateway: SpawnedGateway;

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium(), spawnGateway()]);
  await publish(gateway.url, 'prices', [{ id: 'a', price: 1.5 }], 'op=upsert&key=id');
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

const goLive = (page: Page) => page.getByRole('button', { name: 'go live' });
const cells = (page: Page) => page.getByRole('gridcell').allTextContents();
const drawnVersion = (page: Page) => page.evaluate(() => Number(document.documentElement.dataset.version));

describe('a paused page', () => {
  let viewer: ViewerPage;

  beforeAll(async () => {
    viewer = await openViewerPage(browser, `${gateway.url}?table=prices`);
  });

  afterAll(() => viewer?.close());

  it('stays as it is and counts what comes, and counts as hidden itself', async () => {
    const { page } = viewer;
    await page.getByRole('button', { name: 'Pause' }).click();
    await viewer.statusBecomes(/^paused$/);
    const before = { version: await drawnVersion(page), draws: await viewer.draws() };
    await publish(gateway.url, 'prices', [{ id: 'a', price: 2.5 }], 'op=upsert&key=id');
    await publish(gateway.url, 'prices', [{ id: 'b', price: 9.5 }], 'op=upsert&key=id');
    const answer = await updateData(gateway.url, 'wait=rendered&timeout_ms=20000');
    expect(answer).toMatchObject({ rendered: 0, pending: 0, hidden: 1 });
    await page.getByRole('button', { name: '3 new versions · go live' }).waitFor();
    expect(await cells(page)).toEqual(['a', '1.5']);
    expect({ version: await drawnVersion(page), draws: await viewer.draws() }).toEqual(before);
  });

  it('shows it all in one draw when it goes live, and is waited for again', async () => {
    const { page } = viewer;
    const before = await viewer.draws();
    await goLive(page).click();
    // Data that came in quick succession is old after five seconds.
    await viewer.statusBecomes(/^(live|data is \d.* old)$/);
    await page.getByRole('gridcell', { name: '2.5' }).waitFor();
    expect(await updateData(gateway.url, 'wait=rendered&timeout_ms=20000')).toMatchObject({ rendered: 1 });
    expect(await viewer.draws()).toEqual({ grid: before.grid + 1, chart: before.chart + 1 });
    expect(await cells(page)).toEqual(['a', '2.5', 'b', '9.5']);
  });

  it('is paused and set going by P and the space bar, which stay letters in a text field', async () => {
    // One that saw no data come calls none old.
    const fresh = await openViewerPage(browser, `${gateway.url}?table=prices`);
    const { page } = fresh;
    for (const key of ['p', 'Space']) {
      await page.locator('body').press(key);
      await fresh.statusBecomes(/^paused$/);
      await page.locator('body').press(key);
      await fresh.statusBecomes(/^live$/);
    }
    const search = page.getByRole('searchbox');
    await search.focus();
    await page.keyboard.type('p p');
    expect(await search.inputValue()).toBe('p p');
    expect(await fresh.status()).toBe('live');
    await search.fill('');
    await page.getByRole('button', { name: /^Theme/ }).press('Space');
    expect(await fresh.status()).toBe('live');
    expect(fresh.complaints).toEqual([]);
    await fresh.close();
  });

  it('leaves single keys alone where the viewer switched them off, over a reload too', async () => {
    const off = await openViewerPage(browser, gateway.url);
    const { page } = off;
    const pause = page.getByRole('button', { name: /^Pause/ });
    expect(await pause.getAttribute('aria-label')).toBe('Pause (P)');
    await page.getByRole('button', { name: 'Language, colours, keys' }).click();
    await page.getByRole('checkbox', { name: /^Single keys/ }).uncheck();
    const isLeftAlone = async () => {
      expect(await pause.getAttribute('aria-label')).toBe('Pause');
      expect(await page.getByRole('searchbox').getAttribute('aria-keyshortcuts')).toBeNull();
      for (const key of ['p', 'Space', '/']) await page.locator('body').press(key);
      await page.evaluate(() => new Promise(requestAnimationFrame));
      expect(await off.status()).toBe('live');
      expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('INPUT');
    };
    await page.keyboard.press('Escape');
    await isLeftAlone();
    await page.reload();
    await page.getByRole('searchbox').waitFor();
    await off.statusBecomes(/^live$/);
    await isLeftAlone();
    expect(off.complaints).toEqual([]);
    await off.close();
  });

  it('shows the values as of the pause in places that it scrolls to later, though rows come and go', async () => {
    const { page } = viewer;
    const push = openPush(gateway.pull);
    const header = { op: 'append', retention: { max_rows: 400 } };
    await push.publish('window', fromValues(numbered(0, 400)), header);
    await page.getByRole('link', { name: 'window' }).click();
    await page.getByRole('gridcell', { name: '399', exact: true }).waitFor();
    await page.locator('body').press('p');
    await viewer.statusBecomes(/^paused$/);
    for (let i = 0; i < 4; i++)
      await push.publish('window', fromValues(numbered(1000 * i + 1000, 400)), header);
    await page.getByRole('button', { name: /new versions? · go live/ }).waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+Home');
    await page.getByRole('gridcell', { name: '0', exact: true }).waitFor();
    await page.keyboard.press('Control+End');
    await page.getByRole('gridcell', { name: '399', exact: true }).waitFor();
    await goLive(page).click();
    await page.getByRole('gridcell', { name: '4399', exact: true }).waitFor();
    push.close();
  });

  it('stays paused while its tab is hidden and comes back, and says of a later table when it can be seen', async () => {
    const { page } = viewer;
    await page.locator('body').press('p');
    const setVisible = (state: string) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await setVisible('hidden');
    const before = await viewer.draws();
    await publish(gateway.url, 'later', [{ n: 1n }], 'op=replace');
    await setVisible('visible');
    await page.getByRole('link', { name: 'later' }).waitFor();
    expect(await viewer.draws()).toEqual(before);
    expect(await updateData(gateway.url, 'wait=rendered&timeout_ms=20000')).toMatchObject({ hidden: 1 });
    await page.getByRole('link', { name: 'later' }).click();
    await page.getByText('“later” is not on the paused page').waitFor();
    await goLive(page).click();
    await page.getByRole('grid', { name: 'later' }).waitFor();
  });

  it('keeps its rows over a new gateway, and shows that one’s when it goes live', async () => {
    const { page } = viewer;
    const other = await spawnGateway();
    await publish(other.url, 'prices', [{ id: 'a', price: 1.25 }], 'op=upsert&key=id');
    const paused = await openViewerPage(browser, `${other.url}?table=prices`);
    await paused.page.locator('body').press('p');
    await paused.statusBecomes(/^paused$/);
    await other.close();
    await paused.statusBecomes(/^reconnecting$/);
    const next = await spawnGateway({ port: other.port });
    await publish(next.url, 'prices', [{ id: 'z', price: 7.5 }], 'op=upsert&key=id');
    await paused.statusBecomes(/^paused$/);
    await paused.page.getByRole('button', { name: 'new data · go live' }).waitFor();
    expect(await cells(paused.page)).toEqual(['a', '1.25']);
    await goLive(paused.page).click();
    await paused.page.getByRole('gridcell', { name: '7.5' }).waitFor();
    expect(await cells(paused.page)).toEqual(['z', '7.5']);
    await paused.close();
    await next.close();
    expect(await page.getByRole('grid').count()).toBe(1);
  });

  it('makes the page complain of nothing', () => {
    expect(viewer.complaints).toEqual([]);
  });
});

describe('the bar', () => {
  it('lists rejected publications with table, code and reason', async () => {
    await expect(
      publish(gateway.url, 'prices', [{ id: 'a', price: 'x' }], 'op=upsert&key=id'),
    ).rejects.toThrow();
    const viewer = await openViewerPage(browser, `${gateway.url}?table=prices`);
    const { page } = viewer;
    await page.getByRole('button', { name: '1 rejected publication' }).press('Enter');
    const list = page.getByRole('dialog', { name: '1 rejected publication' });
    await list.getByText('type_mismatch').waitFor();
    expect(await list.textContent()).toContain('prices');
    expect(await list.textContent()).toContain('"price"');
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'hidden' });
    await viewer.close();
  });

  it('tells version, age and rows of the table that is shown', async () => {
    const viewer = await openViewerPage(browser, `${gateway.url}?table=prices`);
    const figures = viewer.page.locator('tablecast-figures');
    await expect
      .poll(() => figures.textContent())
      .toMatch(/v.\d+\s+[\d.]+ (s|min) old\s+\d+ rows\/s\s+2 rows/);
    await viewer.close();
  });

  it('leaves the panel’s title alone while nothing changes, over seconds and polls', async () => {
    const viewer = await openViewerPage(browser, `${gateway.url}?table=prices`);
    const { page } = viewer;
    // With the first list, later than the rows perhaps, come ages, and what else is to be said of the table.
    await expect.poll(() => page.locator('.table-age').first().textContent()).not.toBe('');
    await page.evaluate(() => {
      const changes: string[] = [];
      Object.assign(window, { changes });
      const note = (records: MutationRecord[]) =>
        changes.push(...records.map(({ target }) => target.nodeName));
      for (const selector of ['title', 'main', '.list-title'])
        new MutationObserver(note).observe(document.querySelector(selector)!, {
          subtree: true,
          childList: true,
          characterData: true,
          attributes: true,
        });
    });
    const polled = () => page.waitForResponse((response) => response.url().endsWith('/tables'));
    await polled();
    await polled();
    expect(await page.evaluate(() => (window as unknown as { changes: string[] }).changes)).toEqual([]);
    await viewer.close();
  });
});

describe('every state', () => {
  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('is reached and has no accessibility fault in %s at %i px', async (colorScheme, width) => {
    const viewer = await openViewerPage(browser, `${gateway.url}?table=prices`, {
      colorScheme,
      viewport: { width, height: 740 },
      reducedMotion: 'reduce',
      bypassCSP: true,
    });
    const { page } = viewer;
    await page.getByRole('gridcell').first().waitFor();
    const faults = async () => [...(await axeFaults(page)), await overflowPx(page)];
    for (const name of [/rejected publication/, /^Language/, /^Download/]) {
      await page.getByRole('button', { name }).click();
      await page.getByRole('dialog', { name }).waitFor();
      expect(await faults()).toEqual([0]);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'Pause' }).click();
    await goLive(page).waitFor();
    expect(await faults()).toEqual([0]);
    await viewer.close();
  });
});

describe('the page in another place', () => {
  it.each(['embed', 'kiosk'])('shows table and chart alone with %s=1', async (mode) => {
    const viewer = await openViewerPage(browser, `${gateway.url}?table=prices&${mode}=1`, {
      bypassCSP: true,
    });
    const { page } = viewer;
    await page.getByRole('grid', { name: 'prices' }).waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await page.getByRole('button', { name: /Pause|Theme|Download|Language/ }).count()).toBe(0);
    expect(await page.getByRole('searchbox').count()).toBe(0);
    expect(await page.getByRole('banner').count()).toBe(mode === 'kiosk' ? 1 : 0);
    expect(await viewer.status()).toBe('live');
    await page.locator('body').press('p');
    expect(await viewer.status()).toBe('live');
    expect(await axeFaults(page)).toEqual([]);
    const { version } = await publish(gateway.url, 'prices', [{ id: 'a', price: 3 }], 'op=upsert&key=id');
    await viewer.drawn(version);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });
});
