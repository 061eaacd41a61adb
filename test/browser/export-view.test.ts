import { buffer } from 'node:stream/consumers';
import { tableFromIPC } from 'apache-arrow';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { readZip } from '../ui/export/read-zip.ts';
import { type GridPage, openGridPage } from './grid-page.ts';
import { publish } from './publish.ts';

const LARGE = 9_007_199_254_740_993n;
const CITIES = ['Oslo', 'Rome', 'Kyiv'];

let browser: Browser;
let gateway: SpawnedGateway;
let view: GridPage;

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium(), spawnGateway()]);
});

afterEach(() => view?.page.context().close());

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

async function open(table: string): Promise<void> {
  view = await openGridPage(browser, gateway.url, table, { acceptDownloads: true });
}

async function openMenu(): Promise<void> {
  await view.page.getByRole('button', { name: 'Download' }).click();
  await view.page.getByRole('dialog', { name: 'Download' }).waitFor();
}

async function download(format: string): Promise<Uint8Array> {
  await openMenu();
  const waiting = view.page.waitForEvent('download');
  await view.page.getByRole('dialog', { name: 'Download' }).getByText(format).click();
  return buffer(await (await waiting).createReadStream());
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Sorted by number, the largest first; Rome left out; no note. */
async function arrange(): Promise<void> {
  await view.openMenu('n');
  await view.choose('Sort descending');
  await view.openMenu('note');
  await view.choose('Hide');
  await view.page.getByRole('searchbox').fill('o');
  await view.page.keyboard.press('Enter');
  await view.page.getByText('4 of 6 rows').first().waitFor();
}

describe('downloading what a grid shows', () => {
  beforeAll(async () => {
    const rows = Array.from({ length: 6 }, (_, i) => ({
      n: LARGE + BigInt(i),
      city: CITIES[i % 3]!,
      note: `note ${i}`,
    }));
    await publish(gateway.url, 'cities', rows, 'op=replace');
  });

  it('brings the rows that pass, sorted, with the visible columns alone and all digits', async () => {
    await open('cities');
    await arrange();
    await openMenu();
    await view.page.getByText('The rows and columns shown: 4 × 2').waitFor();
    await view.page.keyboard.press('Escape');
    const shown = [4, 3, 1, 0].map((i) => [String(LARGE + BigInt(i)), CITIES[i % 3]!] as const);
    expect(text(await download('CSV'))).toBe(
      `n,city\n${shown.map((cells) => `${cells.join(',')}\n`).join('')}`,
    );
    expect(text(await download('JSON'))).toBe(
      `[${shown.map(([n, city]) => `{"n":${n},"city":"${city}"}`).join(',')}]`,
    );
    const arrow = tableFromIPC(await download('Arrow'));
    expect(arrow.schema.fields.map(({ name }) => name)).toEqual(['n', 'city']);
    expect(arrow.toArray().map((row) => [String(row.n), row.city])).toEqual(shown);
    const sheet = readZip(await download('Excel')).get('xl/worksheets/sheet1.xml')!;
    expect([...sheet.matchAll(/<t xml:space="preserve">([^<]*)<\/t>/g)].map(([, cell]) => cell)).toEqual([
      'n',
      'city',
      ...shown.flat(),
    ]);
  });

  it('brings the rows of groups in the order of the groups, open or not', async () => {
    await open('cities');
    await view.openMenu('city');
    await view.choose('Group by this');
    await expect.poll(() => view.column('city')).toEqual(['Kyiv (2)', 'Oslo (2)', 'Rome (2)']);
    const numbers = [2, 5, 0, 3, 1, 4];
    expect(text(await download('CSV'))).toBe(
      `city,n,note\n${numbers.map((i) => `${CITIES[i % 3]},${LARGE + BigInt(i)},note ${i}\n`).join('')}`,
    );
  });

  it('brings what is shown now, though the table changed since the menu opened, and the whole table once more', async () => {
    await publish(
      gateway.url,
      'moving',
      [
        { id: 'a', n: 1 },
        { id: 'b', n: 2 },
      ],
      'op=upsert&key=id',
    );
    await open('moving');
    await view.openMenu('n');
    await view.choose('Sort descending');
    const { version } = await publish(
      gateway.url,
      'moving',
      [
        { id: 'c', n: 3 },
        { id: 'a', n: 9 },
      ],
      'op=upsert&key=id',
    );
    await view.drawn(version);
    expect(text(await download('CSV'))).toBe('id,n\na,9.0\nc,3.0\nb,2.0\n');
    await view.openMenu('n');
    await view.choose('Do not sort by this');
    await openMenu();
    await view.page.getByText('The whole table').waitFor();
    expect(view.complaints).toEqual([]);
  });
});
