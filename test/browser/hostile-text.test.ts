import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnsToArrow } from '../e2e/hostile-arrow.ts';
import { HOSTILE_TEXTS, PAYLOADS } from '../e2e/hostile-texts.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';
import { harmOf, scrolledTexts } from './hostile-text-page.ts';

describe('hostile texts on the page', () => {
  let browser: Browser;
  let gateway: SpawnedGateway;
  let push: PushSocket;
  const dialogs: string[] = [];
  const foreignRequests: string[] = [];
  const faults: string[] = [];

  beforeAll(async () => {
    [browser, gateway] = await Promise.all([
      launchChromium(),
      spawnGateway({ connect: 'none', bind: 'none' }),
    ]);
    push = openPush(gateway.pull);
    const numbers = HOSTILE_TEXTS.map((_, n) => n);
    const objectNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const labelled = (text: string, n: number) => ({
      name: `c${n}`,
      values: [n],
      metadata: new Map([
        ['label', text],
        ['unit', text.slice(0, 100)],
      ]),
    });
    const tables = {
      values: [{ name: 'text', values: HOSTILE_TEXTS }],
      names: HOSTILE_TEXTS.map((name, n) => ({ name, values: [n] })),
      labels: HOSTILE_TEXTS.map(labelled),
      categories: [
        { name: 'text', values: objectNames },
        { name: 'n', values: [1, 2, 3, 4, 5] },
      ],
      series: ['n', ...objectNames].map((name) => ({ name, values: [1, 2, 3, 4, 5] })),
      charted: [
        { name: 'text', values: HOSTILE_TEXTS },
        ...PAYLOADS.slice(0, 8).map((name) => ({
          name,
          values: numbers,
          metadata: new Map([['label', name]]),
        })),
      ],
    };
    for (const [table, columns] of Object.entries(tables))
      await push.publish(table, columnsToArrow(columns), { chart: null });
    const names = PAYLOADS.filter((_, i) => i % 3 === 0);
    const series = names.map((name) => ({ type: 'line', name, encode: { x: 'text', y: 'n' } }));
    const chart = {
      title: PAYLOADS.slice(0, 20).map((text) => ({ text, subtext: text, link: text, sublink: text })),
      legend: { data: names },
      tooltip: { trigger: 'axis', formatter: PAYLOADS.find((text) => text.includes('{a}')) },
      xAxis: { type: 'category', name: PAYLOADS[0] },
      yAxis: { name: PAYLOADS[1] },
      series,
    };
    const columns = [
      { name: 'text', values: HOSTILE_TEXTS },
      { name: 'n', values: numbers },
    ];
    await push.publish('published', columnsToArrow(columns), { chart });
    await waitFor(async () => (await fetch(new URL('tables/published', gateway.url))).ok, {
      what: 'the tables',
    });
  });

  afterAll(async () => {
    push?.close();
    await browser?.close();
    await gateway?.close();
  });

  async function open(path: string, viewport = { width: 1280, height: 900 }): Promise<Page> {
    const page = await browser.newPage({ viewport });
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (/^https?:/.test(request.url()) && !request.url().startsWith(gateway.url))
        foreignRequests.push(request.url());
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.goto(new URL(path, gateway.url).href);
    return page;
  }

  /** Moves over all of the chart, and chooses what can be chosen there. */
  async function pointAtChart(page: Page): Promise<void> {
    const box = (await page.locator('.chart, #chart').first().boundingBox())!;
    for (const [x, y] of [
      [0.2, 0.5],
      [0.5, 0.5],
      [0.8, 0.5],
      [0.1, 0.05],
      [0.5, 0.05],
      [0.9, 0.05],
      [0.5, 0.97],
    ] as const) {
      await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
      await page.mouse.click(box.x + box.width * x, box.y + box.height * y);
    }
  }

  it('as values are shown as the texts that they are', async () => {
    const page = await open('?table=values', { width: 1280, height: 3000 });
    await page.getByRole('gridcell').first().waitFor();
    const shown = await scrolledTexts(page, 'gridcell');
    expect(HOSTILE_TEXTS.filter((text) => !shown.has(text))).toEqual([]);
    expect(await harmOf(page)).toEqual([]);
    await page.close();
  });

  it.each(['names', 'labels'])('as %s of columns are shown as the texts that they are', async (table) => {
    const page = await open(`?table=${table}`, { width: 4000, height: 900 });
    await page.getByRole('columnheader').first().waitFor();
    const shown = [...(await scrolledTexts(page, 'columnheader'))].join('\n\n');
    expect(HOSTILE_TEXTS.filter((text) => !shown.includes(text))).toEqual([]);
    expect(await harmOf(page)).toEqual([]);
    await page.close();
  });

  it.each(['charted', 'published', 'categories', 'series'])(
    'in the chart of %s, its legend and its tooltip, are texts',
    async (table) => {
      const page = await open(`?table=${table}`);
      await page.locator('.chart canvas').first().waitFor();
      await pointAtChart(page);
      expect(await page.locator('.chart').locator('script, img, a, iframe, svg').count()).toBe(0);
      expect(await harmOf(page)).toEqual([]);
      expect(new URL(page.url()).search).toBe(`?table=${table}`);
      await page.close();
    },
  );

  it('in what was rejected are texts', async () => {
    const page = await open('?table=values');
    await page.getByRole('gridcell').first().waitFor();
    for (const text of PAYLOADS) {
      await push.publish(Buffer.from(text), columnsToArrow([{ name: 'a', values: [1] }]));
      await push.publish('values', columnsToArrow([{ name: 'text', values: [1] }]), {
        op: 'append',
        key: text,
      });
      await push.publish('values', columnsToArrow([{ name: 'text', values: [1] }]), { op: text });
    }
    await push.publish('values', columnsToArrow([{ name: 'text', values: [1] }]), { op: 'append' });
    await page
      .getByText(/type_mismatch/)
      .first()
      .waitFor({ state: 'attached' });
    expect(await harmOf(page)).toEqual([]);
    await page.close();
  });

  const charts = ['charted', 'published'].flatMap((table) => [`${table}/chart.svg?`, `${table}/chart.html?`]);
  it.each(charts)('in %s, drawn by the server, are texts', async (chart) => {
    for (const query of ['', ...PAYLOADS.slice(0, 1).map((title) => `title=${encodeURIComponent(title)}`)]) {
      const page = await open(`tables/${chart}${query}`);
      if (chart.includes('.html')) {
        await page.locator('#chart canvas').waitFor();
        await pointAtChart(page);
        expect(await page.locator('script').count()).toBe(3);
      } else {
        expect(await page.evaluate(() => document.documentElement.nodeName)).toBe('svg');
        expect(await page.locator('script, a, image, foreignObject, parsererror').count()).toBe(0);
      }
      expect(await harmOf(page)).toEqual([]);
      await page.close();
    }
  });

  it('as titles make SVGs that are XML, and show the title', async () => {
    const page = await open('');
    const titles = PAYLOADS.filter((title) => title.length <= 200);
    const svgs: string[] = [];
    for (const title of titles) {
      const url = new URL(`tables/categories/chart.svg?title=${encodeURIComponent(title)}`, gateway.url);
      svgs.push(await (await fetch(url)).text());
    }
    const parsed = await page.evaluate(
      (texts) =>
        texts.map((text) => {
          const document = new DOMParser().parseFromString(text, 'image/svg+xml');
          const isWhole = document.querySelector('parsererror') === null;
          const foreign = document.querySelectorAll('script, a, image, foreignObject, style[src]').length;
          return {
            isWhole,
            foreign,
            texts: [...document.querySelectorAll('text')].map((one) => one.textContent),
          };
        }),
      svgs,
    );
    for (const [i, { isWhole, foreign, texts }] of parsed.entries()) {
      expect([titles[i], isWhole, foreign]).toEqual([titles[i], true, 0]);
      const shown =
        /^[\x20-\x7e]+$/.test(titles[i]!) && titles[i]!.trim() === titles[i] && titles[i]!.length < 60;
      if (shown) expect(texts.join(' ')).toContain(titles[i]);
    }
    await page.close();
  });

  it('open no dialog, ask nobody else for anything, and make no page fail', () => {
    expect([dialogs, foreignRequests, faults]).toEqual([[], [], []]);
  });
});
