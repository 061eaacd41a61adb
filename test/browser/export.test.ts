import { buffer } from 'node:stream/consumers';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { readZip } from '../ui/export/read-zip.ts';
import { publish } from './publish.ts';
import { openViewerPage, type ViewerPage } from './viewer-page.ts';

const MANY = 60_000;

let browser: Browser;
let gateway: SpawnedGateway;

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium(), spawnGateway()]);
  await publish(gateway.url, 'prices', [{ id: 'a', price: 1.5 }], 'op=upsert&key=id');
  const rows = Array.from({ length: MANY }, (_, i) => ({ n: BigInt(i), text: `row ${i}`, value: i / 7 }));
  await publish(gateway.url, 'many', rows, 'op=replace');
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

/** Presses the format in the menu; the file's name and content. */
async function download(page: Page, format: string): Promise<{ name: string; bytes: Uint8Array }> {
  await page.getByRole('button', { name: 'Download' }).click();
  const waiting = page.waitForEvent('download');
  await page.getByRole('dialog', { name: 'Download' }).getByText(format).click();
  const file = await waiting;
  return { name: file.suggestedFilename(), bytes: await buffer(await file.createReadStream()) };
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('downloading', () => {
  let viewer: ViewerPage;

  beforeAll(async () => {
    viewer = await openViewerPage(browser, `${gateway.url}?table=prices`, { acceptDownloads: true });
  });

  afterAll(() => viewer?.close());

  it.each([
    ['CSV', 'csv'],
    ['JSON', 'json'],
    ['Arrow', 'arrow'],
  ])('a whole live table as %s brings what the gateway has', async (label, format) => {
    const { name, bytes } = await download(viewer.page, label);
    expect(name).toBe(`prices.${format}`);
    const expected = await (await fetch(`${gateway.url}tables/prices.${format}`)).arrayBuffer();
    expect(bytes).toEqual(Buffer.from(expected));
  });

  it('as Excel brings a workbook', async () => {
    const { name, bytes } = await download(viewer.page, 'Excel');
    expect(name).toBe('prices.xlsx');
    const sheet = readZip(bytes).get('xl/worksheets/sheet1.xml');
    expect(sheet).toContain('<c r="B2" s="0"><v>1.5</v></c>');
  });

  it('while the page is paused brings what is on screen', async () => {
    const { page } = viewer;
    await page.locator('body').press('p');
    await viewer.statusBecomes(/^paused$/);
    await publish(gateway.url, 'prices', [{ id: 'a', price: 8 }], 'op=upsert&key=id');
    await page.getByRole('button', { name: '1 new version' }).waitFor();
    for (const [label, expected] of [
      ['CSV', 'id,price\na,1.5\n'],
      ['JSON', '[{"id":"a","price":1.5}]'],
    ] as const)
      expect(text((await download(page, label)).bytes)).toBe(expected);
    await page.locator('body').press('p');
    await viewer.statusBecomes(/^live$/);
  });

  it('goes on at one version while the table changes, and says how far it is', async () => {
    const { page } = viewer;
    await page.getByRole('link', { name: 'many' }).click();
    await page.getByRole('grid', { name: 'many' }).waitFor();
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const look = () => {
        const progress = document.querySelector('tablecast-export-menu progress');
        if (progress !== null) seen.push(progress.getAttribute('aria-label') ?? '');
      };
      new MutationObserver(look).observe(document.querySelector('tablecast-export-menu')!, {
        subtree: true,
        childList: true,
        attributes: true,
      });
    });
    await page.getByRole('button', { name: 'Download' }).click();
    const waiting = page.waitForEvent('download');
    await page.getByRole('dialog', { name: 'Download' }).getByText('Excel').click();
    await publish(gateway.url, 'many', [{ n: 1n, text: 'another', value: 0 }], 'op=replace');
    const sheet = readZip(await buffer(await (await waiting).createReadStream())).get(
      'xl/worksheets/sheet1.xml',
    )!;
    expect(sheet.match(/<row /g)?.length).toBe(MANY + 1);
    expect(sheet).toContain(`<t xml:space="preserve">row ${MANY - 1}</t>`);
    expect(sheet).not.toContain('another');
    const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.every((label) => /^Preparing Excel: \d+ %$/.test(label))).toBe(true);
    await page.getByRole('progressbar').waitFor({ state: 'hidden' });
  });

  it('can be called off, and brings nothing then', async () => {
    const { page } = viewer;
    const rows = Array.from({ length: MANY }, (_, i) => ({ n: BigInt(i), text: `row ${i}`, value: i / 7 }));
    const { version } = await publish(gateway.url, 'many', rows, 'op=replace');
    await viewer.drawn(version);
    const files: string[] = [];
    page.on('download', (file) => files.push(file.suggestedFilename()));
    // In one go, so that the file cannot be done before.
    await page.evaluate(async () => {
      const menu = document.querySelector('tablecast-export-menu') as HTMLElement & {
        updateComplete: Promise<boolean>;
      };
      const press = (selector: string, label: string) =>
        [...menu.querySelectorAll<HTMLElement>(selector)]
          .find(({ textContent }) => textContent === label)
          ?.click();
      press('.popover-item', 'Excel');
      await menu.updateComplete;
      press('.export-state button', 'Cancel');
    });
    await page.getByRole('progressbar').waitFor({ state: 'hidden' });
    expect(text((await download(page, 'CSV')).bytes).split('\n').length).toBe(MANY + 2);
    expect(files).toEqual(['many.csv']);
    expect(viewer.complaints).toEqual([]);
  });
});
