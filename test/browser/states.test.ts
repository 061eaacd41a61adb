import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { axeFaults, overflowPx } from './axe-faults.ts';
import { publish } from './publish.ts';
import { openViewerPage } from './viewer-page.ts';

let browser: Browser;
let gateway: SpawnedGateway;

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium({ isOwn: true }), spawnGateway()]);
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

describe('the page of a new gateway', () => {
  it('without tables shows the lines that publish one, then the table itself', async () => {
    const viewer = await openViewerPage(browser, gateway.url, { bypassCSP: true });
    await viewer.page.locator('pre').waitFor();
    expect(await viewer.page.locator('pre').textContent()).toContain(`push.connect("${gateway.pull}")`);
    expect(await axeFaults(viewer.page)).toEqual([]);
    const { version } = await publish(gateway.url, 'first', [{ city: 'Oslo', heat: 4.5 }], 'op=replace');
    await viewer.drawn(version);
    await viewer.page.getByRole('grid', { name: 'first' }).waitFor();
    await viewer.page.getByRole('img', { name: 'Bar chart of heat by city' }).waitFor();
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });
});

describe('the page with tables', () => {
  beforeAll(async () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({
      id: BigInt(i),
      name: `row ${i}`,
      size: i * 1.5,
      note: null,
    }));
    await publish(gateway.url, 'wide', rows, 'op=replace');
  });

  it('shows values exactly: large integers, nulls apart from empty texts', async () => {
    const rows = [
      { id: 9007199254740993n, note: '' },
      { id: -1n, note: null },
    ];
    await publish(gateway.url, 'exact', rows, 'op=replace');
    const viewer = await openViewerPage(browser, `${gateway.url}?table=exact`);
    await viewer.page.getByRole('gridcell').first().waitFor();
    expect(await viewer.page.getByRole('gridcell').allTextContents()).toEqual([
      '9007199254740993',
      '',
      '-1',
      '∅',
    ]);
    expect(await viewer.page.getByRole('columnheader').first().textContent()).toContain('int64');
    await viewer.close();
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const)('has no accessibility fault and no overflow in %s at %i px', async (colorScheme, width) => {
    const viewport = { width, height: 740 };
    const viewer = await openViewerPage(browser, `${gateway.url}?table=wide`, {
      colorScheme,
      viewport,
      bypassCSP: true,
    });
    await viewer.page.getByRole('gridcell').first().waitFor();
    expect(await axeFaults(viewer.page)).toEqual([]);
    expect(await overflowPx(viewer.page)).toBe(0);
    await viewer.close();
  });

  it('opens and closes its list as a drawer on a narrow screen', async () => {
    const viewer = await openViewerPage(browser, gateway.url, { viewport: { width: 360, height: 740 } });
    const link = viewer.page.getByRole('link', { name: 'wide' });
    expect(await link.isVisible()).toBe(false);
    await viewer.page.getByRole('button', { name: 'Show tables' }).click();
    await link.click();
    await viewer.page.getByRole('grid', { name: 'wide' }).waitFor();
    await link.waitFor({ state: 'hidden' });
    await viewer.close();
  });

  it('is worked by keyboard: moves, sorts, copies', async () => {
    const viewer = await openViewerPage(browser, `${gateway.url}?table=wide`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const { page } = viewer;
    const grid = page.getByRole('grid', { name: 'wide' });
    const activeText = () =>
      grid.evaluate((element) => {
        return (
          document.getElementById(element.getAttribute('aria-activedescendant') ?? '')?.textContent ?? null
        );
      });
    await grid.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await expect.poll(activeText).toBe('row 199');
    await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('Control+c');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('row 198\nrow 199');
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.locator('th[aria-sort=descending]').waitFor();
    await page.keyboard.press('ArrowDown');
    await expect.poll(activeText).toBe('199');
    await viewer.close();
  });

  it('tells of held publications and shows them on request', async () => {
    await publish(gateway.url, 'held', [{ n: 1n }], 'op=replace');
    const viewer = await openViewerPage(browser, `${gateway.url}?table=held`);
    await publish(gateway.url, 'held', [{ n: 2n }], 'op=replace&commit=hold');
    await viewer.page.getByText('1 publication waits for /update_data').waitFor();
    expect(await viewer.page.getByRole('gridcell').allTextContents()).toEqual(['1']);
    await viewer.page.getByRole('button', { name: 'Show now' }).click();
    await viewer.page.getByRole('gridcell', { name: '2', exact: true }).waitFor();
    await viewer.page.getByText('waits for /update_data').waitFor({ state: 'hidden' });
    await viewer.close();
  });

  it('tells why a publication was rejected, and keeps the rows', async () => {
    await publish(gateway.url, 'strict', [{ n: 1.5 }], 'op=append');
    const viewer = await openViewerPage(browser, `${gateway.url}?table=strict`);
    await expect(publish(gateway.url, 'strict', [{ n: 'text' }], 'op=append')).rejects.toThrow('422');
    await viewer.page.getByText(/rejected \(type_mismatch\)/).waitFor();
    expect(await viewer.page.getByRole('gridcell').allTextContents()).toEqual(['1.5']);
    await viewer.close();
  });

  it('says how old its data is once a table falls behind its rhythm', async () => {
    for (let n = 0; n < 3; n++) await publish(gateway.url, 'pulse', [{ n }], 'op=append');
    const viewer = await openViewerPage(browser, `${gateway.url}?table=pulse`);
    for (let n = 0; n < 4; n++)
      await viewer.drawn((await publish(gateway.url, 'pulse', [{ n }], 'op=append')).version);
    await viewer.statusBecomes(/^live$/);
    await viewer.statusBecomes(/^data is \d.* old$/);
    await publish(gateway.url, 'pulse', [{ n: 9 }], 'op=append');
    await viewer.statusBecomes(/^live$/);
    await viewer.close();
  });

  it('remembers the chosen theme', async () => {
    const viewer = await openViewerPage(browser, `${gateway.url}?table=wide`, { colorScheme: 'light' });
    const { page } = viewer;
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const lightGround = await ground();
    await page.getByRole('button', { name: 'Theme: as the system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    expect(await ground()).not.toBe(lightGround);
    await page.reload();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    expect(await ground()).not.toBe(lightGround);
    await viewer.close();
  });
});
