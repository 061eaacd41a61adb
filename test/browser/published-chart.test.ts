import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { openViewerPage, type ViewerPage } from './viewer-page.ts';

const HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

/** As pyecharts' `dump_options_with_quotes()` prints a line and a bar chart, shortened. */
const chart = {
  animation: true,
  color: ['#123456', '#91cc75'],
  series: [
    { type: 'line', name: HOSTILE, data: [], encode: { x: 'n', y: 'value' }, showSymbol: true },
    { type: 'bar', name: 'Fixed', data: [[5, 1]], itemStyle: { color: '#fedcba' } },
  ],
  legend: [{ data: [HOSTILE, 'Fixed'], show: true }],
  tooltip: { show: true, trigger: 'axis', renderMode: 'html', formatter: `${HOSTILE}{b}<br/>{c}` },
  xAxis: [{ show: true, type: 'value' }],
  yAxis: [{ show: true }],
  title: [{ text: HOSTILE, link: 'javascript:window.hacked=1' }],
  dataZoom: [{ type: 'inside' }],
  toolbox: { show: true, feature: { dataView: {} } },
};

const rows = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ n: first + i, value: Math.sin((first + i) / 9) }));

/** How many pixels of the chart's canvas have this colour. */
function pixels(page: Page, red: number, green: number, blue: number): Promise<number> {
  return page.evaluate(
    (wanted) => {
      const canvas = document.querySelector('canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (wanted.every((value, channel) => data[i + channel] === value)) count++;
      }
      return count;
    },
    [red, green, blue],
  );
}

const isHacked = (page: Page) => page.evaluate(() => 'hacked' in window);

describe('a table published with a chart', () => {
  let browser: Browser;
  let gateway: SpawnedGateway;
  let push: PushSocket;
  let viewer: ViewerPage;

  beforeAll(async () => {
    [browser, gateway] = await Promise.all([
      launchChromium(),
      spawnGateway({ connect: 'none', bind: 'none' }),
    ]);
    push = openPush(gateway.pull);
    await push.publish('waves', rows(0, 50), { op: 'append' });
    viewer = await openViewerPage(browser, `${gateway.url}?table=waves`);
  });

  afterAll(async () => {
    await viewer?.close();
    push?.close();
    await browser?.close();
    await gateway?.close();
  });

  it('has it as soon as the commit is shown, its columns bound and its own data kept', async () => {
    const { page } = viewer;
    await page.getByRole('img', { name: /^Line chart of/ }).waitFor();
    await push.publish('waves', rows(50, 50), { op: 'append', chart });
    await page.getByRole('img', { name: 'Published line, bar chart' }).waitFor();
    expect(await pixels(page, 0x12, 0x34, 0x56)).toBeGreaterThan(200);
    expect(await pixels(page, 0xfe, 0xdc, 0xba)).toBeGreaterThan(20);
    expect(await page.locator('.chart').getAttribute('aria-label')).toContain(HOSTILE);
  });

  it('runs nothing of its texts, in the tooltip neither, and follows no link', async () => {
    const { page } = viewer;
    const box = (await page.locator('.chart').boundingBox())!;
    for (const share of [0.3, 0.5, 0.7]) {
      await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
    }
    await page.mouse.click(box.x + 20, box.y + 15);
    expect(await isHacked(page)).toBe(false);
    expect(await page.locator('.chart img, .chart script, .chart a').count()).toBe(0);
    expect(page.url()).toBe(`${gateway.url}?table=waves`);
  });

  it('keeps the viewer’s zoom over commits', async () => {
    const { page } = viewer;
    const box = (await page.locator('.chart').boundingBox())!;
    const zoom = () => page.locator('.chart').getAttribute('data-zoom');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, -400);
    await page.waitForFunction(
      () => document.querySelector<HTMLElement>('.chart')?.dataset.zoom !== undefined,
    );
    const before = await zoom();
    const { chart: drawsBefore } = await viewer.draws();
    for (let i = 0; i < 5; i++) {
      await push.publish('waves', rows(100 + i, 1), { op: 'append', ...(i === 2 ? { chart } : {}) });
      await page.waitForFunction(
        (draws) => Number(document.querySelector<HTMLElement>('.chart')?.dataset.draws) > draws,
        drawsBefore + i,
      );
    }
    expect(await zoom()).toBe(before);
  });

  it('shows fewer rows where rows went', async () => {
    const { page } = viewer;
    const before = await pixels(page, 0x12, 0x34, 0x56);
    const { chart: draws } = await viewer.draws();
    await push.publish('waves', rows(0, 2), { op: 'replace' });
    await page.waitForFunction(
      (count) => Number(document.querySelector<HTMLElement>('.chart')?.dataset.draws) > count,
      draws,
    );
    await page.getByRole('img', { name: 'Published line, bar chart' }).waitFor();
    expect(await pixels(page, 0x12, 0x34, 0x56)).toBeLessThan(before);
  });

  it('has it when a page opens later too, in the dark as well', async () => {
    const late = await openViewerPage(browser, `${gateway.url}?table=waves`, { colorScheme: 'dark' });
    await late.page.getByRole('img', { name: 'Published line, bar chart' }).waitFor();
    expect(late.complaints).toEqual([]);
    await late.close();
  });

  it('has the columns’ own chart again after null', async () => {
    await push.publish('waves', rows(2, 5), { op: 'append', chart: null });
    await viewer.page.getByRole('img', { name: /^Line chart of/ }).waitFor();
    expect(await isHacked(viewer.page)).toBe(false);
    expect(viewer.complaints).toEqual([]);
  });

  it.each([
    ['a pie', { type: 'pie', encode: { itemName: 'city', value: 'heat' } }, {}],
    ['a cloud', { type: 'scatter', encode: { x: 'heat', y: 'rain' } }, {}],
    [
      'a candlestick',
      { type: 'candlestick', encode: { x: 'city', y: ['heat', 'rain', 'heat', 'rain'] } },
      {},
    ],
    ['a gauge', { type: 'gauge', data: [{ value: 40, name: 'of its own' }] }, {}],
    [
      'a radar',
      { type: 'radar', data: [{ value: [1, 2] }] },
      { radar: { indicator: [{ name: 'a' }, { name: 'b' }] } },
    ],
  ])('may have %s as its chart', async (kind, series, more) => {
    const table = kind.replace(' ', '-');
    const cities = [
      { city: 'Oslo', heat: 4.5, rain: 9 },
      { city: 'Rome', heat: 17, rain: 2 },
    ];
    await push.publish(table, cities, { chart: { color: ['#123456'], ...more, series: [series] } });
    const { page, complaints } = viewer;
    await page.getByRole('link', { name: table }).click();
    await page.getByRole('img', { name: `Published ${series.type} chart` }).waitFor();
    await page.waitForFunction(() => Number(document.documentElement.dataset.version) > 0);
    const colours = await page.evaluate(() => {
      const canvas = document.querySelector('canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    expect(colours).toBeGreaterThan(3);
    expect(complaints).toEqual([]);
  });

  it('shows its columns’ chart where ECharts cannot draw the published one', async () => {
    const series = [{ type: 'line', encode: { x: 'n', y: 'value' }, xAxisIndex: 7 }];
    await push.publish('undrawable', rows(0, 9), { chart: { series } });
    await viewer.page.getByRole('link', { name: 'undrawable' }).click();
    await viewer.page.getByRole('img', { name: /^Line chart of/ }).waitFor();
  });
});

describe('a chart drawn on the server', () => {
  let browser: Browser;
  let gateway: SpawnedGateway;
  let push: PushSocket;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tablecast-chart-'));
    [browser, gateway] = await Promise.all([
      launchChromium(),
      spawnGateway({ connect: 'none', bind: 'none' }),
    ]);
    push = openPush(gateway.pull);
    await push.publish('waves', rows(0, 50), { chart });
    const page = await browser.newPage();
    await page.goto(`${gateway.url}?table=waves`);
    await page.getByRole('grid', { name: 'waves' }).waitFor();
    await page.close();
  });

  afterAll(async () => {
    push?.close();
    await browser?.close();
    await gateway?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Opens it, and tells what it asked for and complained of. */
  async function open(url: string) {
    const page = await browser.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(url);
    return { page, asked, complaints };
  }

  it('is a page that draws from a file too, asks for nothing else and runs nothing foreign', async () => {
    const url = `${gateway.url}tables/waves/chart.html`;
    const file = join(directory, 'chart.html');
    writeFileSync(file, await (await fetch(url)).text());
    for (const address of [url, pathToFileURL(file).href]) {
      const { page, asked, complaints } = await open(address);
      await page.locator('canvas').waitFor();
      expect(await pixels(page, 0x12, 0x34, 0x56)).toBeGreaterThan(200);
      expect(await isHacked(page)).toBe(false);
      expect(asked.filter((one) => !one.endsWith('favicon.ico'))).toEqual([address]);
      expect(complaints.filter((one) => !one.includes('favicon'))).toEqual([]);
      await page.close();
    }
  });

  it('is a picture that runs nothing, opened by itself and in another page', async () => {
    const url = `${gateway.url}tables/waves/chart.svg?title=${encodeURIComponent(HOSTILE)}`;
    const { page } = await open(url);
    expect(await page.evaluate(() => document.querySelectorAll('script, image, a').length)).toBe(0);
    expect(await isHacked(page)).toBe(false);
    expect(await page.evaluate(() => document.querySelectorAll('path').length)).toBeGreaterThan(5);
    for (const format of ['svg', 'png']) {
      const size = await page.evaluate(
        (src) =>
          new Promise<number[]>((resolve) => {
            const image = new Image();
            image.onload = () => resolve([image.naturalWidth, image.naturalHeight]);
            image.onerror = () => resolve([0, 0]);
            image.src = src;
          }),
        `data:image/${format === 'svg' ? 'svg+xml' : 'png'};base64,${Buffer.from(
          await (await fetch(url.replace('chart.svg', `chart.${format}`))).arrayBuffer(),
        ).toString('base64')}`,
      );
      expect(size).toEqual([800, 400]);
    }
    await page.close();
  });
});
