import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { openViewerPage, type ViewerPage } from './viewer-page.ts';

describe('the page of tables that came over the bus', () => {
  let browser: Browser;
  let gateway: SpawnedGateway;
  let push: PushSocket;
  let viewer: ViewerPage | undefined;

  beforeAll(async () => {
    [browser, gateway] = await Promise.all([
      launchChromium(),
      spawnGateway({ connect: 'none', bind: 'none', readyTimeoutMs: 60_000 }),
    ]);
    push = openPush(gateway.pull);
  });

  afterEach(async () => {
    await viewer?.close();
    viewer = undefined;
  });

  afterAll(async () => {
    await browser?.close();
    push?.close();
    await gateway?.close();
  });

  const number = (table: string, seq: number, header: object = {}) =>
    push.publish(table, [{ n: seq }], { op: 'append', run: 'r', seq, ...header });
  const heartbeat = (tables: object) => push.send('$heartbeat', JSON.stringify({ run: 'r', tables }));

  it('says that publications without numbers are not checked', async () => {
    await push.publish('bare', [{ n: 1 }]);
    viewer = await openViewerPage(browser, `${gateway.url}?table=bare`);
    await viewer.page.locator('.figure.is-gaps', { hasText: 'not checked' }).waitFor();
  });

  it('says what was lost, in the bar, the list and above the table, until it is made good', async () => {
    await number('log', 1);
    viewer = await openViewerPage(browser, `${gateway.url}?table=log`);
    const { page } = viewer;
    await page.locator('.figure.is-gaps', { hasText: /^0 gaps$/ }).waitFor();
    await number('log', 4);
    await page.getByText('2 publications were lost on the way and are not in this table').waitFor();
    await page.locator('.figure.is-gaps', { hasText: /^1 gap$/ }).waitFor();
    await page.getByRole('link', { name: 'log' }).getByText('gap', { exact: true }).waitFor();
    await expect.poll(() => page.getByRole('gridcell').allTextContents()).toEqual(['1.0', '4.0']);
    await push.publish('log', [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }], {
      op: 'replace',
      snapshot: true,
      run: 'r',
      seq: 4,
    });
    await page.getByText('were lost on the way').waitFor({ state: 'hidden' });
    await page.locator('.figure.is-gaps', { hasText: /^1 gap$/ }).waitFor();
    expect(viewer.complaints).toEqual([]);
  });

  it('says what came before the gateway listened', async () => {
    await number('late', 3);
    viewer = await openViewerPage(browser, `${gateway.url}?table=late`);
    await viewer.page.getByText('2 publications from before the gateway listened').waitFor();
  });

  it('says that a producer has fallen silent, and that it is back', async () => {
    await number('beat', 1);
    await heartbeat({ beat: 1 });
    viewer = await openViewerPage(browser, `${gateway.url}?table=beat`);
    await viewer.statusBecomes(/^producer silent for \d+ s$/);
    // One heartbeat may be over before the page asks for the list again.
    const beats = setInterval(() => void heartbeat({ beat: 1 }), 1000);
    try {
      await viewer.statusBecomes(/^live$/);
    } finally {
      clearInterval(beats);
    }
  });
});
