import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { type Example, type Examples, startExamples } from '../support/examples.ts';
import { readJson } from '../support/gateway-http.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { pythonVenvTimeoutMs } from '../support/python-venv.ts';
import { waitFor } from '../support/wait-for.ts';
import { imageWidth, newExamplePage, openExamplePage, rowsAreThere } from './example-page.ts';

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

describe('a server-drawn chart in a Flask page', () => {
  test('is shown, interactive and as a picture', { timeout: pythonVenvTimeoutMs }, async (context) => {
    example = await examples.open('flask-chart');
    if (example === null) return context.skip('there is no Python environment here');
    const { url, pageUrl, pagePort } = example;
    const app = example.run('app.py', () => [pagePort, url]);
    await waitFor(() => app.output().includes(`127.0.0.1:${pagePort}`), { what: 'Flask', timeoutMs: 60_000 });
    await rowsAreThere(url, ['cpu', 'memory']);
    const { page, complaints } = await openExamplePage(browser, pageUrl);
    await page.frameLocator('iframe').locator('canvas').first().waitFor();
    expect(await imageWidth(page, 'Memory in use')).toBe(800);
    expect(complaints).toEqual([]);
    expect(example.left).toEqual([]);
    await page.close();
  });
});

describe('a picture in an HTML file', () => {
  test('is there when the file is opened from the disk', async () => {
    example = (await examples.open('static-image'))!;
    const { url } = example;
    await rowsAreThere(url, ['cpu', 'memory']);
    const { page, complaints } = await newExamplePage(browser);
    await page.route('http://127.0.0.1:8080/**', (route) =>
      route.continue({ url: route.request().url().replace('http://127.0.0.1:8080', url) }),
    );
    await page.goto(pathToFileURL(join(projectRoot, 'examples/static-image/report.html')).href);
    for (const name of ['Memory in use', 'Load of each core']) expect(await imageWidth(page, name)).toBe(800);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('dataframes over ZeroMQ with /update_data', () => {
  test('show when the job says so, all in one version', { timeout: pythonVenvTimeoutMs }, async (context) => {
    example = await examples.open('zeromq-update-data');
    if (example === null) return context.skip('there is no Python environment here');
    const { url, pull } = example;
    example.run('producer.py', () => ['0.1', pull]);
    await waitFor(() => readJson<{ staged: number }>(url, 'tables/orders').then(({ staged }) => staged > 5), {
      what: 'staged publications',
      timeoutMs: 60_000,
    });
    const { page, complaints } = await openExamplePage(browser, `${url}/?table=orders`);
    const grid = page.getByRole('grid', { name: 'orders' });
    expect(await readJson(url, 'tables/orders.json')).toEqual([]);
    expect(await grid.getByRole('gridcell', { name: 'ACME' }).count()).toBe(0);
    const job = example.run('job.py', () => ['0.2', url]);
    await waitFor(() => /'orders', 'totals'.*drawn by 1 of 1/.test(job.output()), {
      what: 'the viewer to have drawn',
      timeoutMs: 120_000,
    });
    expect(await grid.getByRole('gridcell').count()).toBeGreaterThan(5);
    await job.close();
    await expectSums(url);
    const answered = example.run('curl');
    if ((await answered.ended) === 0) await expectSums(url);
    expect(complaints).toEqual([]);
    expect(example.left).toEqual([]);
    await page.close();
  });

  type Pieces = readonly { readonly symbol: string; readonly pieces: number }[];

  /** At one version: a job that was ended may have asked for another one just before. */
  async function ordersAndTotals(url: string): Promise<[orders: Pieces, totals: Pieces]> {
    const answers = await Promise.all(
      ['orders', 'totals'].map((table) => fetch(`${url}/tables/${table}.json`)),
    );
    const versions = new Set(answers.map(({ headers }) => headers.get('tablecast-version')));
    const tables = await Promise.all(answers.map((answer) => answer.json() as Promise<Pieces>));
    return versions.size === 1 ? (tables as [Pieces, Pieces]) : ordersAndTotals(url);
  }

  /** Only what the producer had sent of its last round may be apart: a commit shows all that had come. */
  async function expectSums(url: string): Promise<void> {
    const [orders, totals] = await ordersAndTotals(url);
    const sumsOf = (rows: Pieces) =>
      totals.map(({ symbol }) => {
        const own = rows.filter((order) => order.symbol === symbol);
        return { symbol, pieces: own.reduce((sum, { pieces }) => sum + pieces, 0) };
      });
    expect(orders.length).toBeGreaterThan(0);
    expect([sumsOf(orders), sumsOf(orders.slice(0, -1))]).toContainEqual(totals);
  }
});
