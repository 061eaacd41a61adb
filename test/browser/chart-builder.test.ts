import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { axeFaults, overflowPx } from './axe-faults.ts';
import { chart, shape, specOf, until, withSpec } from './chart-page.ts';
import { publish } from './publish.ts';
import { openViewerPage } from './viewer-page.ts';

const HOSTILE = '<img src=x onerror="window.hacked=1">';

const loads = Array.from({ length: 120 }, (_, i) => ({
  n: BigInt(i),
  host: ['a', 'b', 'c'][i % 3]!,
  load: i % 40 === 0 ? null : 10 + (i % 7),
  [HOSTILE]: i,
}));

const TYPES: readonly [object, RegExp][] = [
  [{ type: 'line', x: 'n', y: ['load'] }, /^Line chart of load over n/],
  [{ type: 'pie', x: 'host', y: [], aggregate: 'count' }, /^Pie chart of count of rows by host/],
  [{ type: 'area', x: null, y: ['load'] }, /^Area chart of load over row number/],
  [{ type: 'heatmap', x: 'host', y: ['load'], series: 'n' }, /^Heatmap of load over host, by n/],
  [{ type: 'bar', x: 'host', y: ['load'], aggregate: 'sum' }, /^Bar chart of sum of load by host/],
  [{ type: 'scatter', x: 'n', y: ['load'], yAxis: { scale: 'log' } }, /^Scatter chart of load over n/],
  [{ type: 'candlestick', x: 'n', y: ['load', 'n', 'load', 'n'] }, /^Candlestick chart of load, n/],
  [{ type: 'gauge', y: ['load'], aggregate: 'mean' }, /^Gauge of/],
  [{ type: 'histogram', x: 'load' }, /^Histogram of load, \d+ without a number/],
];

let browser: Browser;
let gateway: SpawnedGateway;
let push: PushSocket;

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium(), spawnGateway({ connect: 'none', bind: 'none' })]);
  push = openPush(gateway.pull);
  await publish(gateway.url, 'loads', loads, 'op=append');
  await publish(gateway.url, 'other', [{ city: 'Oslo', heat: 4 }], 'op=replace');
});

afterAll(async () => {
  push?.close();
  await browser?.close();
  await gateway?.close();
});

const open = (path: string, options: BrowserContextOptions = {}) =>
  openViewerPage(browser, `${gateway.url}${path}`, { bypassCSP: true, ...options });

/** How many different colours the chart's canvas has. */
function colours(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

describe('a chart that a viewer shapes', () => {
  it('follows each choice at once, in the drawing, its name and the address', async () => {
    const viewer = await open('?table=loads');
    const { page } = viewer;
    await chart(page, 'Bar chart of n by host, the 30 largest').waitFor();
    const draws = await viewer.draws();
    await shape(page);
    await page.getByRole('radio', { name: 'Line' }).check();
    await chart(page, 'Line chart of n over host').waitFor();
    await page.getByRole('combobox', { name: 'X', exact: true }).selectOption('n');
    await page.getByRole('checkbox', { name: 'load' }).check();
    await page.getByRole('checkbox', { name: 'n', exact: true }).uncheck();
    await chart(page, 'Line chart of load over n').waitFor();
    await page.getByRole('combobox', { name: 'Split by' }).selectOption('host');
    await chart(page, 'Line chart of load over n, one line per host').waitFor();
    await page.getByRole('radio', { name: 'Bars' }).check();
    await page.getByRole('combobox', { name: 'X', exact: true }).selectOption('host');
    await page.getByRole('combobox', { name: 'Aggregate' }).selectOption('mean');
    await chart(page, 'Bar chart of mean of load by host').waitFor();
    await page.getByRole('combobox', { name: 'Rows', exact: true }).selectOption('the newest rows');
    await page.getByRole('spinbutton', { name: 'Number' }).fill('30');
    await page.getByLabel('Title').fill('Mean load');
    await page.getByLabel('Title').press('Enter');
    await chart(page, 'Mean load: Bar chart of mean of load by host, the newest 30').waitFor();
    expect(specOf(page)).toEqual({
      type: 'bar',
      x: 'host',
      y: ['load'],
      aggregate: 'mean',
      window: { rows: 30 },
      title: 'Mean load',
    });
    // They were the viewer's draws, and no commit's.
    expect(await viewer.draws()).toEqual(draws);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('is what the address says, goes on with commits, and is remembered without it', async () => {
    const viewer = await open(withSpec('loads', { type: 'line', x: 'n', y: ['load'], window: { rows: 5 } }));
    const { page } = viewer;
    await chart(page, 'Line chart of load over n, the newest 5').waitFor();
    const draws = await viewer.draws();
    const more = [{ n: 200n, host: 'a', load: 99, [HOSTILE]: 1 }];
    const { version } = await publish(gateway.url, 'loads', more, 'op=append');
    await viewer.drawn(version);
    expect((await viewer.draws()).chart).toBe(draws.chart + 1);
    await page.getByRole('link', { name: 'other' }).click();
    await chart(page, 'Bar chart of heat by city').waitFor();
    expect(specOf(page)).toBeNull();
    await page.goto(`${gateway.url}?table=loads`);
    await chart(page, 'Line chart of load over n, the newest 5').waitFor();
    expect(specOf(page)).toMatchObject({ y: ['load'] });
    await viewer.close();
  });

  it('gives way to the published one again, which a form does not change by being opened', async () => {
    const series = [{ type: 'line', encode: { x: 'n', y: 'y' } }];
    await push.publish(
      'published',
      [
        { n: 1, y: 2 },
        { n: 2, y: 3 },
      ],
      { chart: { series } },
    );
    const viewer = await open('?table=published');
    const { page } = viewer;
    await chart(page, 'Published line chart').waitFor();
    await shape(page);
    await page.getByText('This is the chart that the table was published with.').waitFor();
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
    await page.getByRole('radio', { name: 'Points' }).check();
    await chart(page, /^Scatter chart of /).waitFor();
    await page.getByRole('button', { name: 'Reset' }).click();
    await chart(page, 'Published line chart').waitFor();
    expect(specOf(page)).toBeNull();
    await viewer.close();
  });

  it('is drawn as any type, from any other one', async () => {
    const viewer = await open('?table=loads');
    const { page } = viewer;
    await shape(page);
    await page.getByText('As JSON').click();
    for (const [spec, name] of TYPES) {
      await page.getByLabel('Chart as JSON').fill(JSON.stringify(spec));
      await page.getByRole('button', { name: 'Apply' }).click();
      await chart(page, name).waitFor();
      expect(await colours(page)).toBeGreaterThan(5);
    }
    expect(await page.locator('.notice').count()).toBe(0);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('is told of where it does not fit, and the table’s own shown', async () => {
    const viewer = await open(withSpec('loads', { type: 'line', y: ['gone'] }));
    const { page } = viewer;
    await chart(page, /^Bar chart of n by host/).waitFor();
    await page.getByText('The chart as it was shaped does not fit this table').waitFor();
    await shape(page);
    await page.getByText('The table has no column “gone”.').waitFor();
    await page.getByRole('button', { name: 'Back to its own' }).click();
    expect(await page.locator('.notice').count()).toBe(0);
    for (const given of ['{', '[]', '{"type":"custom"}', '{"y":5}', 'null', '"x"']) {
      await page.goto(`${gateway.url}?table=loads&chart=${encodeURIComponent(given)}`);
      await chart(page, /^Bar chart of n by host/).waitFor();
    }
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('gives way to the published one where it does not fit', async () => {
    const series = [{ type: 'line', encode: { x: 'n', y: 'y' } }];
    const values = [
      { n: 1, y: 2 },
      { n: 2, y: 3 },
    ];
    await push.publish('fitting', values, { chart: { series } });
    const viewer = await open(withSpec('fitting', { type: 'line', y: ['gone'] }));
    const { page } = viewer;
    await chart(page, 'Published line chart').waitFor();
    await page.getByText('The chart as it was shaped does not fit this table').waitFor();
    const { version } = await publish(gateway.url, 'fitting', [{ n: 3, y: 4 }], 'op=append');
    await viewer.drawn(version);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('runs nothing of its texts, nor of what is pasted', async () => {
    const viewer = await open(withSpec('loads', { type: 'bar', x: 'host', y: [HOSTILE], title: HOSTILE }));
    const { page } = viewer;
    await page.locator('.chart canvas').first().waitFor();
    expect(await page.locator('.chart').getAttribute('aria-label')).toContain(HOSTILE);
    await shape(page);
    await page.getByText('As JSON').click();
    const json = page.getByLabel('Chart as JSON');
    await json.fill('{"type":"constructor"}');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('This cannot be drawn: The chart spec\'s "type"').waitFor();
    expect(await json.inputValue()).toBe('{"type":"constructor"}');
    await json.fill(`{"type":"pie","x":"host","y":["load"],"title":"</script>","__proto__":{"a":1}}`);
    await page.getByRole('button', { name: 'Apply' }).click();
    await chart(page, /^<\/script>: Pie chart/).waitFor();
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('keeps zoom and legend choice while its title changes and the theme does', async () => {
    const viewer = await open(withSpec('loads', { type: 'line', x: 'n', y: ['load'], series: 'host' }));
    const { page } = viewer;
    await chart(page, /one line per host/).waitFor();
    const box = (await page.locator('.chart').boundingBox())!;
    const zoom = () => page.locator('.chart').getAttribute('data-zoom');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, -400);
    await until(async () => (await zoom()) !== null);
    const before = await zoom();
    await shape(page);
    await page.getByLabel('Title').fill('Loads');
    await page.getByLabel('Title').press('Enter');
    await chart(page, /^Loads: /).waitFor();
    await page.locator('.theme-button').click();
    expect(await zoom()).toBe(before);
    await page.getByRole('radio', { name: 'Bars' }).check();
    await chart(page, /^Loads: Bar chart/).waitFor();
    expect(await zoom()).toBeNull();
    await viewer.close();
  });
});

describe('the form', () => {
  it('is worked by keys alone: it opens, chooses, and gives the focus back', async () => {
    const viewer = await open('?table=loads');
    const { page } = viewer;
    const button = page.getByRole('button', { name: 'Shape the chart' });
    await button.focus();
    await page.keyboard.press('Enter');
    const chosen = page.getByRole('radio', { name: 'Bars' });
    await until(() => chosen.evaluate((radio) => radio === document.activeElement));
    await page.keyboard.press('ArrowRight');
    await chart(page, 'Area chart of n over host').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('form', { name: 'Chart of loads' }).waitFor({ state: 'detached' });
    expect(await button.evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await button.getAttribute('aria-expanded')).toBe('false');
    await viewer.close();
  });

  it.each([
    ['en-GB', 'light', 'Shape the chart'],
    ['zh-CN', 'dark', '设置图表'],
    ['ja-JP', 'light', 'グラフを設定'],
  ] as const)(
    'has no accessibility faults in a %s browser, and fits a narrow screen',
    async (locale, colorScheme, name) => {
      const viewer = await open(
        withSpec('loads', { type: 'line', x: 'n', y: ['load'], window: { rows: 50 } }),
        {
          locale,
          colorScheme,
        },
      );
      const { page } = viewer;
      await page.getByRole('button', { name }).click();
      const form = page.getByRole('form');
      await form.waitFor();
      for (const part of await page.locator('.chart-builder summary').all()) await part.click();
      expect(await axeFaults(page)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      await until(async () => (await overflowPx(page)) === 0);
      const box = (await page.locator('.chart').boundingBox())!;
      expect(box.height).toBeGreaterThan(150);
      expect(await form.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
      expect(viewer.complaints).toEqual([]);
      await viewer.close();
    },
  );
});
