import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PlainRow } from '../support/arrow-messages.ts';
import { type Example, type Examples, startExamples } from '../support/examples.ts';
import { readJson } from '../support/gateway-http.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { openPush } from '../support/push-socket.ts';
import { waitFor } from '../support/wait-for.ts';
import { imageWidth, openExamplePage, rowsAreThere } from './example-page.ts';

let browser: Browser;
let examples: Examples;
let example: Example | null = null;

beforeAll(async () => {
  [browser, examples] = await Promise.all([launchChromium(), startExamples()]);
});
afterEach(() => example?.close());
afterAll(async () => {
  await browser?.close();
  await examples?.close();
});

/** Starts an example whose page `serve.mjs` serves. */
async function serve(folder: string): Promise<Example> {
  const opened = (await examples.open(folder))!;
  example = opened;
  const server = opened.run('serve.mjs', (own) => [...own, opened.pagePort, opened.url]);
  await waitFor(() => server.output().includes(opened.pageUrl), { what: 'the server of the page' });
  expect(opened.left).toEqual([]);
  // A browser complains of what is not there yet.
  await rowsAreThere(opened.url, ['cpu', 'memory']);
  return opened;
}

/** Waits until an `<output>` shows more than this number, and resolves with what it shows. */
async function outputAbove(page: Page, id: string, least: number): Promise<number> {
  const shows = ([name, above]: [string, number]) =>
    Number(document.getElementById(name)?.textContent || 'NaN') > above;
  await page.waitForFunction(shows, [id, least] as [string, number]);
  return Number(await page.locator(`#${id}`).textContent());
}

/** How many colours the first canvas has: two or three where nothing is drawn but a frame. */
function colours(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

describe('a page of one’s own with its own ECharts', () => {
  test('draws chart.json anew at each commit', async () => {
    const { pageUrl } = await serve('own-echarts-page');
    const { page, complaints } = await openExamplePage(browser, pageUrl);
    const version = await outputAbove(page, 'version', 0);
    await outputAbove(page, 'version', version);
    await waitFor(async () => (await colours(page)) > 20, { what: 'a drawn chart' });
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('timed full refresh', () => {
  test('draws what changed, and is told 304 where nothing did', async () => {
    const { pageUrl } = await serve('timed-full-refresh');
    const { page, complaints } = await openExamplePage(browser, pageUrl);
    await outputAbove(page, 'drawn', 1);
    await outputAbove(page, 'unchanged', 0);
    await waitFor(async () => (await colours(page)) > 10, { what: 'a drawn chart' });
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('pictures over Server-Sent Events', () => {
  test('follow the table', async () => {
    const { pageUrl } = await serve('image-over-events');
    const { page, complaints } = await openExamplePage(browser, pageUrl);
    expect(await imageWidth(page, 'Load of each core')).toBe(800);
    const source = () => page.getByRole('img').getAttribute('src');
    const first = await source();
    expect(first).toMatch(/^data:image\/svg\+xml;base64,/);
    await waitFor(async () => (await source()) !== first, { what: 'the next picture' });
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('a line chart over the WebSocket', () => {
  test('follows the table', async () => {
    const { pageUrl } = await serve('websocket-chart');
    const { page, complaints } = await openExamplePage(browser, pageUrl);
    const version = await outputAbove(page, 'version', 0);
    await outputAbove(page, 'version', version);
    await waitFor(async () => (await colours(page)) > 20, { what: 'a drawn chart' });
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('is refused for a page of an origin that is not allowed', async () => {
    const { pageUrl } = await serve('websocket-chart');
    const { page, complaints } = await openExamplePage(browser, pageUrl.replace('127.0.0.1', 'localhost'));
    await waitFor(() => complaints.find((text) => text.includes('WebSocket')), { what: 'the refusal' });
    expect(await page.locator('#version').textContent()).toBe('');
    await page.close();
  });

  const keyed = { op: 'upsert', key: ['city', 'n'] };
  const steps: readonly (readonly [table: string, header: object, rows: readonly PlainRow[]])[] = [
    ['keyed', keyed, [city('Oslo', 1, 4.5), city('Rome', 1, 17), city('Oslo', 2, 5)]],
    ['ticks', { op: 'append', retention: { max_rows: 3 } }, [{ n: 1 }, { n: 2 }]],
    ['keyed', keyed, [{ city: 'Rome', n: 1, wind: 'NW' }, city('Oslo\n', 1, null)]],
    ['ticks', { op: 'append' }, [{ n: 3 }, { n: 4 }]],
    ['keyed', { op: 'delete' }, [{ city: 'Oslo', n: 1 }]],
    ['keyed', keyed, [city('Oslo', 1, -1)]],
    ['ticks', { op: 'append' }, [5, 6, 7, 8, 9].map((n) => ({ n }))],
    ['keyed', { ...keyed, retention: { max_rows: 2 } }, [city('Kyiv', 1, 0)]],
    ['ticks', { op: 'replace' }, [{ n: 1, note: '<b>' }]],
  ];

  function city(name: string, n: number, celsius: number | null): PlainRow {
    return { city: name, n, celsius };
  }

  test('has an exact copy of any table at each version', async () => {
    const { pageUrl, url, pull } = await serve('websocket-chart');
    const { page } = await openExamplePage(browser, pageUrl);
    await page.addScriptTag({ type: 'module', content: collector(url) });
    const push = openPush(pull);
    const changes = new Map<string, number>();
    for (const [table, header, rows] of steps) {
      await push.publish(table, rows, header);
      const { changed } = await waitFor(
        async () => {
          const info = await readJson<{ changed: number }>(url, `tables/${table}`);
          return info.changed > (changes.get(table) ?? 0) && info;
        },
        { what: `a change of ${table}` },
      );
      changes.set(table, changed);
      const rowsThere = await readJson<object[]>(url, `tables/${table}.json`);
      expect(withoutNulls(await copyAt(page, changed, table))).toEqual(withoutNulls(rowsThere));
    }
    await fetch(`${url}/tables/ticks`, { method: 'DELETE' });
    await page.waitForFunction(() => !('ticks' in (window as unknown as Seen).seen.tables));
    push.close();
    await page.close();
  });

  /** A module that keeps what `follow` told last in `window.seen`. */
  const collector = (url: string) => `
    import { follow } from './follow.js';
    window.seen = { version: -1, tables: {} };
    follow('${url}', ['keyed', 'ticks'], (tables, version) => {
      const rowsOf = ([name, { rows }]) => [name, [...rows.values()]];
      window.seen = { version, tables: Object.fromEntries([...tables].map(rowsOf)) };
    });`;

  interface Seen {
    readonly seen: { readonly version: number; readonly tables: Readonly<Record<string, object[]>> };
  }

  async function copyAt(page: Page, version: number, table: string): Promise<object[]> {
    await page.waitForFunction(
      (least) => ((window as unknown as Partial<Seen>).seen?.version ?? -1) >= least,
      version,
    );
    return page.evaluate((name) => (window as unknown as Seen).seen.tables[name]!, table);
  }

  /** What a row never had is not in the page's copy, and null in the gateway's. */
  function withoutNulls(rows: readonly object[]): object[] {
    return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)));
  }
});
