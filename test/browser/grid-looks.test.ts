import {
  Field,
  Float64,
  Int32,
  Struct,
  Table,
  Timestamp,
  TimeUnit,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { axeFaults } from './axe-faults.ts';
import { openGridPage } from './grid-page.ts';
import { publish } from './publish.ts';
import { recordFlashes } from './record-flashes.ts';

const AT_MS = Date.UTC(2026, 6, 1, 12);

function mixed(): Uint8Array {
  return tableToIPC(
    new Table({
      at: vectorFromArray([AT_MS, AT_MS], new Timestamp(TimeUnit.MILLISECOND, 'Asia/Tokyo')),
      naive: vectorFromArray([AT_MS, AT_MS], new Timestamp(TimeUnit.MILLISECOND)),
      note: vectorFromArray(['', null], new Utf8()),
      ratio: vectorFromArray([Number.NaN, null], new Float64()),
      point: vectorFromArray(
        [{ x: 1, y: 2 }, null],
        new Struct([new Field('x', new Int32()), new Field('y', new Int32())]),
      ),
    }),
    'stream',
  );
}

describe('the looks of a grid', () => {
  let browser: Browser;
  let gateway: SpawnedGateway;
  let push: PushSocket;

  beforeAll(async () => {
    [browser, gateway] = await Promise.all([launchChromium({ isOwn: true }), spawnGateway()]);
    push = openPush(gateway.pull);
    await push.publish('mixed', mixed());
    await publish(
      gateway.url,
      'market',
      Array.from({ length: 60 }, (_, i) => ({ id: BigInt(i), region: ['EU', 'US'][i % 2]!, price: i })),
      'op=upsert&key=id',
    );
  });

  afterAll(async () => {
    push?.close();
    await browser?.close();
    await gateway?.close();
  });

  it('tell no value, empty text and NaN apart, and show nested values and times as they are', async () => {
    const view = await openGridPage(browser, gateway.url, 'mixed', { timezoneId: 'America/New_York' });
    const first = (label: string) => view.column(label).then((texts) => texts[0]);
    expect(await view.column('note')).toEqual(['', '∅']);
    expect(await view.column('ratio')).toEqual(['NaN', '∅']);
    expect(await view.grid.locator('td.is-empty').count()).toBe(1);
    expect(await view.grid.locator('td.is-nan').count()).toBe(1);
    expect(await first('point')).toBe('{"x":1,"y":2}');
    expect(await first('at')).toBe('2026-07-01T21:00:00.000+09:00');
    for (const [choice, text, zone] of [
      ['Times: UTC', '2026-07-01T12:00:00.000Z', 'timestamp[ms, UTC]'],
      ['Times: local', '2026-07-01T08:00:00.000-04:00', 'timestamp[ms, America/New_York]'],
    ] as const) {
      await view.page.getByRole('button', { name: 'Table view' }).click();
      await view.choose(choice);
      expect([await first('at'), await first('naive')]).toEqual([text, '2026-07-01T12:00:00.000']);
      expect(await view.grid.getByRole('columnheader', { name: 'at', exact: true }).textContent()).toContain(
        zone,
      );
    }
    await view.grid.locator('td').first().click();
    await view.page.keyboard.press('Control+c');
    expect(await view.page.evaluate(() => navigator.clipboard.readText())).toBe(
      '2026-07-01T21:00:00.000+09:00',
    );
    await view.close();
  });

  it('number rows by their place in the table, whatever the order in view', async () => {
    const view = await openGridPage(browser, gateway.url, 'market');
    await view.page.getByRole('button', { name: 'Table view' }).click();
    await view.choose('Row numbers');
    await view.grid.getByRole('columnheader', { name: 'price' }).click();
    await view.grid.getByRole('columnheader', { name: 'price' }).click();
    await expect.poll(async () => (await view.column('Row number')).slice(0, 2)).toEqual(['60', '59']);
    await view.close();
  });

  it.each([
    ['no-preference', '59', { id: 57n, region: 'EU', price: 100 }, 'US'],
    ['reduce', '57', { id: 56n, region: 'US', price: 200 }, 'EU'],
  ] as const)(
    'flash a changed row where it stands in a sorted view (motion: %s)',
    async (motion, first, row, otherRegion) => {
      const view = await openGridPage(browser, gateway.url, 'market', { reducedMotion: motion });
      await view.grid.getByRole('columnheader', { name: 'price' }).click();
      await view.grid.getByRole('columnheader', { name: 'price' }).click();
      await expect.poll(async () => (await view.column('id'))[0]).toBe(first);
      const rows = [row, { id: 58n, region: otherRegion, price: 1.5 }];
      const flashes = await recordFlashes(view.page);
      await view.drawn((await publish(gateway.url, 'market', rows, 'op=upsert&key=id')).version);
      expect((await view.column('id')).slice(0, 2)).toEqual([String(row.id), first]);
      const seen = await flashes();
      expect(seen.map(({ change, text }) => [change, text])).toEqual([
        ['other', row.region],
        ['up', `${row.price}.0`],
      ]);
      const still = 'rgba(0, 0, 0, 0)';
      expect(new Set(seen.map(({ colour }) => colour === still))).toEqual(new Set([motion === 'reduce']));
      await view.close();
    },
  );

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)(
    'have no accessibility fault with menus, forms and groups in %s at %i px',
    async (colorScheme, width) => {
      const view = await openGridPage(browser, gateway.url, 'market', {
        colorScheme,
        viewport: { width, height: 844 },
        bypassCSP: true,
      });
      await view.openMenu('region');
      await view.page.getByRole('region', { name: 'Statistics' }).getByText('30').first().waitFor();
      expect(await axeFaults(view.page)).toEqual([]);
      await view.choose('Filter…');
      await view.page.getByRole('combobox').selectOption('is one of');
      expect(await axeFaults(view.page)).toEqual([]);
      await view.page.getByLabel('EU').check();
      await view.page.getByRole('button', { name: 'Apply' }).click();
      await view.openMenu('region');
      await view.choose('Group by this');
      await view.grid.getByText('EU (30)').click();
      await view.grid.getByRole('gridcell', { expanded: true }).waitFor();
      expect(await axeFaults(view.page)).toEqual([]);
      expect(await view.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await view.close();
    },
  );
});
