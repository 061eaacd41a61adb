import { buffer } from 'node:stream/consumers';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { chart, until, withSpec } from './chart-page.ts';
import { publish } from './publish.ts';
import { openViewerPage } from './viewer-page.ts';

/** Of a window of 800 pixels the chart has a third, else. */
const FULL_PX = 600;

let browser: Browser;
let gateway: SpawnedGateway;

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium(), spawnGateway({ connect: 'none', bind: 'none' })]);
  const rows = Array.from({ length: 60 }, (_, i) => ({ n: i + 20, host: `h${i % 3}`, load: i % 7 }));
  await publish(gateway.url, 'loads', rows, 'op=append');
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

const open = (path: string, options: BrowserContextOptions = {}) =>
  openViewerPage(browser, `${gateway.url}${path}`, options);

describe('a chart', () => {
  it('fills the screen and leaves it, by keys, or the window where there is no full screen', async () => {
    for (const hasFullScreen of [true, false]) {
      const viewer = await open('?table=loads');
      const { page } = viewer;
      await chart(page, /^Bar chart/).waitFor();
      if (!hasFullScreen) {
        await page.evaluate(() => {
          Reflect.set(Element.prototype, 'requestFullscreen', undefined);
        });
      }
      const height = async () => (await page.locator('canvas').boundingBox())!.height;
      const button = page.getByRole('button', { name: 'Chart in full screen' });
      await button.focus();
      await page.keyboard.press('Enter');
      const leave = page.getByRole('button', { name: 'Leave full screen' });
      await leave.waitFor();
      await until(async () => (await height()) > FULL_PX);
      expect(await page.evaluate(() => document.fullscreenElement !== null)).toBe(hasFullScreen);
      await page.keyboard.press(hasFullScreen ? 'Enter' : 'Escape');
      await leave.waitFor({ state: 'hidden' });
      await until(async () => (await height()) < FULL_PX);
      await until(() => button.evaluate((one) => one === document.activeElement));
      expect(viewer.complaints).toEqual([]);
      await viewer.close();
    }
  });

  it('is saved as it is on screen, as PNG and as SVG that holds texts as texts', async () => {
    const spec = { type: 'line', x: 'n', y: ['load'], title: '</text><script>1</script>' };
    const viewer = await open(withSpec('loads', spec), { acceptDownloads: true });
    const { page } = viewer;
    await chart(page, /Line chart of load/).waitFor();
    const files: Record<string, Buffer> = {};
    for (const [format, name] of [
      ['png', 'PNG picture'],
      ['svg', 'SVG drawing'],
    ] as const) {
      await page.getByRole('button', { name: 'Download' }).click();
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name }).click();
      const file = await waiting;
      expect(file.suggestedFilename()).toBe(`loads.${format}`);
      files[format] = await buffer(await file.createReadStream());
    }
    const { width, height } = (await page.locator('canvas').boundingBox())!;
    expect([files.png!.readUInt32BE(16), files.png!.readUInt32BE(20)]).toEqual([2 * width, 2 * height]);
    const svg = files.svg!.toString();
    expect(svg).toMatch(/^<svg role="img" aria-label="&lt;\/text/);
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).not.toMatch(/<script|<image|<foreignObject/);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('rises in the colour that the viewer chose', async () => {
    const spec = { type: 'candlestick', x: 'n', y: ['load', 'n', 'load', 'n'], window: { rows: 20 } };
    const viewer = await open(withSpec('loads', spec), { locale: 'en-GB', colorScheme: 'light' });
    const { page } = viewer;
    const orange = () =>
      page.evaluate(() => {
        const canvas = document.querySelector('canvas')!;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i] === 0xcc && data[i + 1] === 0x5a) count++;
        return count;
      });
    await chart(page, /^Candlestick/).waitFor();
    // From load up to n: all of them rise.
    expect(await orange()).toBe(0);
    await page.getByRole('button', { name: 'Language, colours, keys' }).click();
    await page.getByRole('radio', { name: 'Orange rises' }).check();
    await until(async () => (await orange()) > 50);
    await viewer.close();
  });

  it('of a large table is put together in another thread, which ends with it, and follows commits', async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => ({ n: i, y: Math.sin(i / 99) }));
    await publish(gateway.url, 'many', many, 'op=append');
    const viewer = await open('?table=many');
    const { page } = viewer;
    await chart(page, /^Line chart of/).waitFor();
    await until(() => page.workers().length === 1);
    const draws = await viewer.draws();
    const { version } = await publish(gateway.url, 'many', [{ n: 30_000, y: 9 }], 'op=append');
    await viewer.drawn(version);
    expect(await viewer.draws()).toEqual({ grid: draws.grid + 1, chart: draws.chart + 1 });
    await page.getByRole('link', { name: 'loads' }).click();
    await until(() => page.workers().length === 0);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('of a large table is drawn where no other thread may start', async () => {
    const viewer = await open('?table=loads');
    const { page } = viewer;
    await chart(page, /^Bar chart/).waitFor();
    await page.evaluate(() => {
      Reflect.set(window, 'Worker', function refused() {
        throw new Error('not allowed');
      });
    });
    await page.getByRole('link', { name: 'many' }).click();
    await chart(page, /^Line chart of/).waitFor();
    expect(page.workers()).toEqual([]);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });
});
