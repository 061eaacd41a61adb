import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ElementsPage, type ElementsWorld, openElementsWorld } from './elements-page.ts';
import { publish, updateData } from './publish.ts';

/** What stood in an element when it told a version, or in the page's elements when the gateway was told. */
interface Told {
  readonly by: string;
  readonly version: number;
  readonly rows: number | null;
  readonly isDrawn: boolean;
}

let world: ElementsWorld;
let view: ElementsPage;
let version: number;

beforeAll(async () => {
  world = await openElementsWorld();
});

afterEach(() => view?.page.close());

afterAll(() => world?.close());

async function open(body: string): Promise<void> {
  ({ version } = await updateData(world.gateway.url));
  view = await world.open(body);
  await view.page.evaluate(listen);
}

/** Writes what is told in `window.told`. */
function listen(): void {
  const told: object[] = [];
  Object.assign(window, { told });
  const isDrawn = (element: Element) =>
    element.shadowRoot?.querySelector('[role="gridcell"], .chart:not([hidden]) canvas') != null;
  addEventListener('tablecast-version', (event) => {
    const element = event.target as Element & { rows: { length: number } | null };
    const { version } = (event as CustomEvent<{ version: number }>).detail;
    told.push({
      by: `${element.localName} ${element.getAttribute('name')}`,
      version,
      rows: element.rows?.length ?? null,
      isDrawn: isDrawn(element),
    });
  });
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    const message = JSON.parse(String(data)) as { type: string; version: number };
    if (message.type === 'rendered') {
      const elements = [...document.querySelectorAll('tablecast-table, tablecast-chart')];
      told.push({ by: 'line', version: message.version, rows: null, isDrawn: elements.every(isDrawn) });
    }
    send.call(this, data);
  };
}

function readTold(page: Page): Promise<Told[]> {
  return page.evaluate(() => (window as unknown as { told: Told[] }).told);
}

function put(html: string): Promise<void> {
  return view.page.evaluate(
    (text) => document.querySelector('main')!.insertAdjacentHTML('beforeend', text),
    html,
  );
}

/** Holds the code of views back until the tables have come and a frame went by. */
async function holdViewCode(page: Page): Promise<void> {
  const hasCome = new Promise<void>((resolve) =>
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload !== 'string') resolve();
      }),
    ),
  );
  await page.route(/(grid|chart)-element-view/, async (route) => {
    await hasCome;
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
    );
    await route.continue();
  });
}

describe('versions that elements tell', () => {
  it.each(['table', 'chart'])('are told once they are drawn, the first one too: %s', async (kind) => {
    await open('');
    await holdViewCode(view.page);
    await put(`<tablecast-${kind} name="load"></tablecast-${kind}>`);
    await expect
      .poll(() => readTold(view.page))
      .toEqual([
        { by: 'line', version, rows: null, isDrawn: true },
        { by: `tablecast-${kind} load`, version, rows: 20, isDrawn: true },
      ]);
  });

  it('are told with the rows of a table that comes later than its element', async () => {
    await open('');
    await put('<tablecast-table name="later"></tablecast-table>');
    await view.page.getByText('There is no table “later” yet.').waitFor();
    const told = async () => (await readTold(view.page)).filter(({ by }) => by !== 'line');
    const by = 'tablecast-table later';
    await expect.poll(told).toEqual([{ by, version, rows: null, isDrawn: false }]);
    const { version: next } = await publish(world.gateway.url, 'later', [{ n: 1 }], 'op=replace');
    await expect.poll(told).toEqual([
      { by, version, rows: null, isDrawn: false },
      { by, version: next, rows: 1, isDrawn: true },
    ]);
  });

  it('are told by an element that comes later, with its rows, where nothing else happens', async () => {
    await open('<tablecast-table name="prices"></tablecast-table>');
    await view.grid.getByRole('gridcell').first().waitFor();
    await put(
      '<tablecast-table name="load"></tablecast-table><tablecast-chart name="load"></tablecast-chart><tablecast-table name="nowhere"></tablecast-table>',
    );
    const late = async () =>
      (await readTold(view.page))
        .filter(({ by }) => by !== 'line' && by !== 'tablecast-table prices')
        .toSorted((a, b) => a.version - b.version || a.by.localeCompare(b.by));
    const at = (version: number) => [
      { by: 'tablecast-chart load', version, rows: 20, isDrawn: true },
      { by: 'tablecast-table load', version, rows: 20, isDrawn: true },
      { by: 'tablecast-table nowhere', version, rows: null, isDrawn: false },
    ];
    await expect.poll(late).toEqual(at(version));
    await updateData(world.gateway.url);
    await expect.poll(late).toEqual([...at(version), ...at(version + 1)]);
  });
});

describe('an element that is put into the page', () => {
  it('asks for its table once, and again where an attribute makes it another', async () => {
    await open('<tablecast-table name="prices"></tablecast-table>');
    await view.grid.getByRole('gridcell').first().waitFor();
    const asked = () => view.lines.sent.flatMap((sent) => (sent.type === 'subscribe' ? [sent] : [])).length;
    const before = asked();
    await put(
      `<tablecast-table name="load" gateway="${world.gateway.url}" columns="at" theme="dark" lang="en"></tablecast-table>`,
    );
    const grid = view.page.getByRole('grid', { name: 'load' });
    await grid.getByRole('gridcell').first().waitFor();
    expect(asked() - before).toBe(1);
    await grid.getByRole('columnheader').first().waitFor();
    expect(await grid.getByRole('columnheader').count()).toBe(1);
    await view.setAttribute('name', 'load');
    await expect.poll(() => grid.count()).toBe(2);
  });
});
