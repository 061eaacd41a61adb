import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { axeFaults, overflowPx } from './axe-faults.ts';
import { watchLine } from './line-watch.ts';
import { publish } from './publish.ts';
import { openViewerPage } from './viewer-page.ts';

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

const open = (options: BrowserContextOptions) =>
  openViewerPage(browser, `${gateway.url}?table=prices`, { bypassCSP: true, ...options });

describe('the page speaks the viewer’s language', () => {
  it.each([
    ['en-GB', 'en', 'live', 'Download', 'cool'],
    ['zh-CN', 'zh-Hans', '实时', '下载', 'warm'],
    ['ja-JP', 'ja', 'ライブ', 'ダウンロード', 'warm'],
    ['fr-FR', 'en', 'live', 'Download', 'cool'],
  ])('of a %s browser', async (locale, lang, live, download, up) => {
    const viewer = await open({ locale });
    const { page } = viewer;
    await viewer.statusBecomes(new RegExp(`^${live}$`));
    await page.getByRole('button', { name: download }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe(lang);
    expect(await page.locator('html').getAttribute('data-up')).toBe(up);
    expect(await axeFaults(page)).toEqual([]);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it.each(['zh-CN', 'ja-JP'])('of a %s browser, and fits a narrow screen', async (locale) => {
    const viewer = await open({ locale, viewport: { width: 360, height: 740 } });
    await viewer.page.getByRole('gridcell').first().waitFor();
    expect(await overflowPx(viewer.page)).toBe(0);
    await viewer.close();
  });

  it('loads texts of other languages only where they are asked for', async () => {
    const context = await browser.newContext({ locale: 'en-US' });
    const page = await context.newPage();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await page.goto(`${gateway.url}?table=prices`);
    await page.getByRole('gridcell').first().waitFor();
    expect(loaded.filter((url) => /\/(zh|ja)-/.test(url))).toEqual([]);
    await context.close();
  });

  it.each(['zh-CN', 'ja-JP'])(
    'of a %s browser, and reports no version before its words are there',
    async (locale) => {
      const context = await browser.newContext({ locale });
      const page = await context.newPage();
      const line = await watchLine(page);
      let load = (): void => {};
      const loads = new Promise<void>((resolve) => {
        load = resolve;
      });
      await page.route(/\/(zh|ja)-[^/]*\.js$/, async (route) => {
        await loads;
        await route.continue();
      });
      await page.goto(`${gateway.url}?table=prices`);
      await expect.poll(() => line.dataBytes()).toBeGreaterThan(0);
      await page.evaluate(
        () =>
          new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
      );
      expect(await page.locator('html').getAttribute('data-version')).toBeNull();
      load();
      await page.locator('html[data-version]').waitFor();
      expect(await page.getByRole('gridcell').allTextContents()).toEqual(['a', '1.5']);
      await context.close();
    },
  );

  it('that they choose, grid and chart too, and remembers it', async () => {
    const viewer = await open({ locale: 'en-US' });
    const { page } = viewer;
    await page.getByRole('img', { name: 'Bar chart of price by id' }).waitFor();
    await page.getByRole('button', { name: 'Language, colours, keys' }).click();
    await page.getByRole('radio', { name: '中文' }).check();
    await page.getByRole('img', { name: '按 id 显示 price 的柱状图' }).waitFor();
    await page.getByRole('searchbox', { name: '搜索' }).waitFor();
    expect(await page.getByRole('gridcell').allTextContents()).toEqual(['a', '1.5']);
    await page.reload();
    await viewer.statusBecomes(/^实时$/);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('and rises in the colour that they choose, whatever the language', async () => {
    const viewer = await open({ locale: 'en-US' });
    const { page } = viewer;
    const rising = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--up'));
    const before = await rising();
    await page.getByRole('button', { name: 'Language, colours, keys' }).click();
    await page.getByRole('radio', { name: 'Orange rises' }).check();
    expect(await rising()).not.toBe(before);
    await page.getByRole('radio', { name: '日本語' }).check();
    await page.getByRole('radio', { name: '青が上昇' }).check();
    expect(await rising()).toBe(before);
    await page.reload();
    await viewer.statusBecomes(/^ライブ$/);
    expect(await rising()).toBe(before);
    await viewer.close();
  });
});
