import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeBlocks, readDocument } from '../docs/markdown.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { openExamplePage } from './example-page.ts';
import { type ForeignSite, openForeignSite } from './foreign-site.ts';
import { publish } from './publish.ts';

const DEFAULT_URL = 'http://127.0.0.1:8080/';

let browser: Browser;
let site: ForeignSite;
let gateway: SpawnedGateway;

beforeAll(async () => {
  [browser, site] = await Promise.all([launchChromium(), openForeignSite()]);
  gateway = await spawnGateway({ args: ['--allow-origin', site.origin] });
  const prices = ['A', 'B'].map((symbol, i) => ({ symbol, price: i + 0.5 }));
  await publish(gateway.url, 'prices', prices, 'op=upsert&key=symbol');
  const weather = ['Oslo', 'Rome'].map((city, i) => ({ city, celsius: 4.5 + i }));
  await publish(gateway.url, 'weather', weather, 'op=replace');
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
  await site?.close();
});

const titleBecomes = (page: Page, pattern: RegExp) =>
  page.waitForFunction(([source]) => new RegExp(source!).test(document.title), [pattern.source]);
const rowsOf = (page: Page, table: string) =>
  page.getByRole('grid', { name: table }).getByRole('row').allTextContents();

/** What a page of each document shows, in the order of the document. */
const SHOWN: readonly (readonly [document: string, shows: readonly ((page: Page) => Promise<unknown>)[]])[] =
  [
    [
      'README.md',
      [
        (page) =>
          expect.poll(() => rowsOf(page, 'weather')).toEqual([expect.anything(), 'Rome5.5', 'Oslo4.5']),
      ],
    ],
    [
      'docs/client.md',
      [
        (page) => titleBecomes(page, /^2 prices$/),
        async (page) => {
          await expect.poll(() => rowsOf(page, 'prices')).toEqual([expect.anything(), 'B1.5', 'A0.5']);
          await page.getByRole('img', { name: 'Bar chart of price by symbol' }).waitFor();
        },
        (page) => titleBecomes(page, /^2 prices at version \d+$/),
      ],
    ],
  ];

test.each(SHOWN)(
  'the pages of %s work in a page of another site as they stand there',
  async (document, shows) => {
    const blocks = codeBlocks(readDocument(document)).filter(({ info }) => info === 'html');
    expect(blocks).toHaveLength(shows.length);
    for (const [i, { text }] of blocks.entries()) {
      site.show(`<!doctype html><title>page</title>${text.replaceAll(DEFAULT_URL, gateway.url)}`);
      const { page, complaints } = await openExamplePage(browser, site.origin);
      await shows[i]!(page);
      expect(complaints).toEqual([]);
      await page.close();
    }
  },
);
