import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { type ElementsPage, type ElementsWorld, openElementsWorld } from './elements-page.ts';
import { publish, updateData } from './publish.ts';

let world: ElementsWorld;
let view: ElementsPage;

beforeAll(async () => {
  world = await openElementsWorld();
});

afterEach(() => view?.page.close());

afterAll(() => world?.close());

describe('<tablecast-chart>', () => {
  it('draws what its attributes name, else what fits, and says what does not', async () => {
    view = await world.open('<tablecast-chart name="load"></tablecast-chart>');
    const chart = view.page.getByRole('img', { name: /load/ });
    await chart.waitFor();
    await view.setAttribute('x', 'load');
    await view.setAttribute('y', 'at');
    await view.setAttribute('type', 'scatter');
    await view.page.getByRole('img', { name: 'Scatter chart of at over load' }).waitFor();
    await view.setAttribute('y', 'nothing');
    await view.page.getByRole('alert').filter({ hasText: '"nothing"' }).waitFor();
    await view.setAttribute('y', null);
    await view.setAttribute('x', null);
    await view.setAttribute('type', 'sphere');
    await view.page.getByRole('alert').filter({ hasText: '"sphere"' }).waitFor();
    await chart.waitFor();
    expect(view.complaints).toEqual([]);
  });
});

describe('elements of another language', () => {
  it.each([
    ['<tablecast-table name="$bad" lang="zh"></tablecast-table>', '表名不对（bad_name）'],
    ['<tablecast-chart name="load" type="sphere" lang="zh"></tablecast-chart>', '属性“type”是 "sphere"'],
    [
      '<tablecast-table name="load" gateway="nothing:" lang="ja"></tablecast-table>',
      '書き方が違います（bad_parameter）',
    ],
    [
      '<tablecast-chart name="load" type="pie" y="nothing" lang="ja"></tablecast-chart>',
      '書き方が違います（bad_parameter）',
    ],
  ])('say what is wrong in it: %s', async (body, text) => {
    view = await world.open(body);
    await view.page.getByRole('alert').filter({ hasText: text }).waitFor();
  });
});

describe('elements of one page', () => {
  const MANY = 10;
  const BODY = Array.from(
    { length: MANY },
    (_, i) => `<tablecast-table name="${i % 2 === 0 ? 'prices' : 'load'}"></tablecast-table>`,
  ).join('');

  const gone = async () => (await updateData(world.gateway.url)).viewers === 0;

  it('share one line, whose viewer is waited for, and end it with the last of them', async () => {
    await waitFor(gone, { what: 'the viewers before to be gone' });
    view = await world.open(`${BODY}<tablecast-chart name="load"></tablecast-chart>`);
    await view.page.getByRole('img').waitFor();
    await expect
      .poll(() => view.page.getByRole('gridcell', { name: 'A', exact: true }).count())
      .toBe(MANY / 2);
    expect([view.lines.opened, view.lines.open.size]).toEqual([1, 1]);
    expect(await updateData(world.gateway.url, 'wait=rendered&timeout_ms=20000')).toMatchObject({
      viewers: 1,
      rendered: 1,
    });
    // Moved, not removed.
    await view.page.evaluate(() =>
      document.querySelector('main')!.append(document.querySelector('tablecast-table')!),
    );
    await expect
      .poll(() => view.page.getByRole('gridcell', { name: 'A', exact: true }).count())
      .toBe(MANY / 2);
    expect([view.lines.opened, view.lines.open.size]).toEqual([1, 1]);
    await view.page.evaluate(() => {
      for (const element of document.querySelectorAll('tablecast-table, tablecast-chart')) element.remove();
    });
    await waitFor(() => view.lines.open.size === 0, { what: 'the line to be closed' });
    await waitFor(gone, { what: 'the viewer to be gone' });
    expect(view.complaints).toEqual([]);
  });

  it('work under a content security policy that names the gateway alone, below whatever the page does with layers', async () => {
    const { origin, host } = new URL(world.gateway.url);
    const policy = `default-src 'none'; script-src ${origin}; connect-src ${origin} ws://${host}`;
    view = await world.open(
      `<tablecast-table name="prices"></tablecast-table><tablecast-chart name="load"></tablecast-chart>`,
      'light',
      {
        policy,
        style:
          'main { transform: translateY(40px) } h1 { position: fixed; inset: 0; z-index: 999; pointer-events: none }',
      },
    );
    await view.page.getByRole('img').waitFor();
    await view.grid.getByRole('columnheader', { name: 'price' }).hover();
    const button = view.page.getByRole('button', { name: 'Menu of price' });
    const { x, y, height } = (await button.boundingBox())!;
    await button.click();
    const menu = view.page.getByRole('menu', { name: 'Menu of price' });
    const box = (await menu.boundingBox())!;
    expect(Math.abs(box.y - (y + height))).toBeLessThan(40);
    expect(Math.abs(box.x - x)).toBeLessThan(250);
    await menu.getByText('Sort descending').click();
    await expect.poll(async () => (await view.cells())[0]).toBe('C');
    expect(view.complaints).toEqual([]);
  });

  it('leave the objects of the page that they are in as they are', async () => {
    view = await world.open(
      '<tablecast-table name="prices"></tablecast-table><tablecast-chart name="load"></tablecast-chart>',
    );
    const prototypes = () =>
      view.page.evaluate(() =>
        [Object, Array, Function, String, Promise, HTMLElement].map(({ prototype }) =>
          Object.entries(Object.getOwnPropertyDescriptors(prototype)).map(([name, own]) =>
            [name, typeof own.value, typeof own.get, own.enumerable].join(' '),
          ),
        ),
      );
    const before = await prototypes();
    await view.page.getByRole('img').waitFor();
    await view.grid.getByRole('gridcell').first().waitFor();
    expect(await prototypes()).toEqual(before);
  });

  it('leave nothing in memory when they are removed', async () => {
    view = await world.open(
      `<tablecast-table name="prices"></tablecast-table><div id="place">${BODY}<tablecast-chart name="load"></tablecast-chart></div>`,
    );
    await expect
      .poll(() => view.page.getByRole('gridcell', { name: 'A', exact: true }).count())
      .toBe(MANY / 2 + 1);
    await view.page.getByRole('img').waitFor();
    await view.page.evaluate(() => {
      const place = document.querySelector('#place')!;
      Object.assign(window, { gone: [...place.children].map((element) => new WeakRef(element)) });
      place.replaceChildren();
    });
    const session = await view.page.context().newCDPSession(view.page);
    await waitFor(
      async () => {
        await session.send('HeapProfiler.collectGarbage');
        return view.page.evaluate(() =>
          (window as unknown as { gone: WeakRef<Element>[] }).gone.every((one) => one.deref() === undefined),
        );
      },
      { what: 'removed elements to be collected' },
    );
    await publish(
      world.gateway.url,
      'prices',
      [{ symbol: 'D', price: 4.5, size: 3n }],
      'op=upsert&key=symbol',
    );
    await view.grid.getByRole('gridcell', { name: 'D' }).waitFor();
    expect(view.lines.opened).toBe(1);
  });
});
