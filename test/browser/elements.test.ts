import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';
import { axeFaults } from './axe-faults.ts';
import { type ElementsPage, type ElementsWorld, openElementsWorld } from './elements-page.ts';
import { publish, updateData } from './publish.ts';

let world: ElementsWorld;
let view: ElementsPage;

beforeAll(async () => {
  world = await openElementsWorld();
});

afterEach(() => view?.page.close());

afterAll(() => world?.close());

describe('<tablecast-table> in a page of another site', () => {
  it('shows the table as its attributes say, and follows both', async () => {
    view = await world.open(
      '<tablecast-table name="prices" columns="symbol,price" sort="-price"></tablecast-table>',
    );
    await expect.poll(view.cells).toEqual(['C', '2.5', 'B', '1.5', 'A', '0.5']);
    expect(await view.headers()).toEqual(['symbol', 'price']);
    expect(await view.grid.getByRole('columnheader', { name: 'price' }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    await publish(
      world.gateway.url,
      'prices',
      [{ symbol: 'A', price: 9.5, size: 7n }],
      'op=upsert&key=symbol',
    );
    await expect.poll(async () => (await view.cells()).slice(0, 2)).toEqual(['A', '9.5']);
    await publish(
      world.gateway.url,
      'prices',
      [{ symbol: 'A', price: 0.5, size: 0n }],
      'op=upsert&key=symbol',
    );
    await view.setAttribute('columns', 'size,symbol');
    await view.setAttribute('sort', 'symbol');
    await expect.poll(view.cells).toEqual(['0', 'A', '1', 'B', '2', 'C']);
    await view.setAttribute('search', 'b');
    await expect.poll(view.cells).toEqual(['1', 'B']);
    await view.setAttribute('search', null);
    await view.setAttribute('columns', null);
    await expect.poll(view.headers).toEqual(['symbol', 'price', 'size']);
    await view.setAttribute('columns', 'symbol,colour');
    await view.page.getByRole('alert').filter({ hasText: 'There is no column “colour” yet.' }).waitFor();
    await view.setAttribute('name', 'load');
    await view.page.getByRole('grid', { name: 'load' }).waitFor();
    expect(view.complaints).toEqual([]);
  });

  it('speaks the language of its lang, and is a proper grid by its keyboard and its menus', async () => {
    view = await world.open('<tablecast-table name="prices" lang="ja" tools></tablecast-table>');
    await view.grid.getByRole('gridcell').first().waitFor();
    await view.page.getByPlaceholder('検索').waitFor();
    await view.setAttribute('lang', 'en');
    await view.page.getByPlaceholder('Search').waitFor();
    await view.grid.getByRole('gridcell').first().waitFor();
    await view.grid.focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowUp']) await view.page.keyboard.press(key);
    const active = () =>
      view.grid.evaluate((element) => {
        const root = element.getRootNode() as ShadowRoot;
        return root
          .getElementById(element.getAttribute('aria-activedescendant') ?? '')
          ?.getAttribute('aria-label');
      });
    expect(await active()).toBe('price');
    await view.page.keyboard.press('Alt+ArrowDown');
    const menu = view.page.getByRole('menu', { name: 'Menu of price' });
    await menu.waitFor();
    await view.page.keyboard.press('ArrowDown');
    await view.page.keyboard.press('Enter');
    await menu.waitFor({ state: 'detached' });
    await expect.poll(async () => (await view.cells())[0]).toBe('C');
    await view.page.keyboard.press('Alt+ArrowDown');
    await menu.waitFor();
    await view.page.getByRole('heading', { name: 'own' }).click();
    await menu.waitFor({ state: 'detached' });
    expect(view.complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'has the colours of the system or its own, and no faults for axe: %s',
    async (scheme) => {
      view = await world.open(
        '<tablecast-table name="prices" columns="symbol,nothing"></tablecast-table><tablecast-table name="load" theme="dark"></tablecast-table>',
        scheme,
      );
      await view.page.getByRole('grid', { name: 'load' }).getByRole('gridcell').first().waitFor();
      await view.grid.getByRole('gridcell').first().waitFor();
      const ground = await view.page.evaluate(() =>
        [...document.querySelectorAll('tablecast-table')].map(
          ({ shadowRoot }) => getComputedStyle(shadowRoot!.querySelector('.tablecast')!).backgroundColor,
        ),
      );
      const colours = { light: 'rgb(255, 255, 255)', dark: 'rgb(20, 24, 29)' };
      expect(ground).toEqual([colours[scheme], colours.dark]);
      expect(await axeFaults(view.page, 'tablecast-table')).toEqual([]);
    },
  );

  it('says what is missing and takes up what comes, and shows what it has while the gateway is away', async () => {
    view = await world.open('<tablecast-table name="later"></tablecast-table>');
    await view.page.getByText('There is no table “later” yet.').waitFor();
    await publish(world.gateway.url, 'later', [{ n: 1 }], 'op=replace');
    await view.page.getByRole('grid', { name: 'later' }).getByRole('gridcell', { name: '1' }).waitFor();
    await fetch(`${world.gateway.url}tables/later`, { method: 'DELETE' });
    await view.page.getByText('There is no table “later” yet.').waitFor();
    await view.setAttribute('gateway', 'http://127.0.0.1:1/');
    await view.page.getByRole('status').filter({ hasText: 'connecting' }).waitFor();
    await view.setAttribute('gateway', 'nothing:');
    await view.page.getByRole('alert').filter({ hasText: 'is no gateway' }).waitFor();
    await view.setAttribute('gateway', null);
    await view.setAttribute('name', '$bad');
    await view.page.getByRole('alert').filter({ hasText: '$bad' }).waitFor();
  });

  it('keeps its rows while the gateway is away, says so, and is live again by itself', async () => {
    const options = { args: ['--allow-origin', world.site.origin] };
    let other = await spawnGateway(options);
    await publish(other.url, 'own', [{ n: 1 }], 'op=append');
    view = await world.open(`<tablecast-table name="own" gateway="${other.url}"></tablecast-table>`);
    const own = view.page.getByRole('grid', { name: 'own' });
    await own.getByRole('gridcell', { name: '1' }).waitFor();
    await other.close();
    await view.page.getByRole('status').filter({ hasText: 'reconnecting' }).waitFor();
    expect(await own.getByRole('gridcell').allTextContents()).toEqual(['1.0']);
    other = await spawnGateway({ ...options, port: other.port });
    await publish(other.url, 'own', [{ n: 2 }], 'op=append');
    await own.getByRole('gridcell', { name: '2' }).waitFor();
    // For those who listen alone.
    await view.page.getByRole('status').filter({ hasText: 'live' }).waitFor({ state: 'attached' });
    await other.close();
  });

  it('tells whom the gateway does not know where to log in, and shows the table to who has', async () => {
    const guarded = await spawnGateway({
      args: [
        '--allow-origin',
        world.site.origin,
        '--view-token',
        'a-view-token-of-elements',
        '--write-token',
        'a-write-token-of-elements',
      ],
    });
    const headers = { authorization: 'Bearer a-write-token-of-elements', 'content-type': 'application/json' };
    await fetch(`${guarded.url}tables/own`, { method: 'POST', headers, body: '[{"n":1}]' });
    view = await world.open(`<tablecast-table name="own" gateway="${guarded.url}"></tablecast-table>`);
    await view.page.getByRole('status').filter({ hasText: 'logged out' }).waitFor();
    expect(await view.page.getByRole('link', { name: 'Log in' }).getAttribute('href')).toBe(
      `${guarded.url}login`,
    );
    const link = await fetch(`${guarded.url}login-link`, {
      method: 'POST',
      headers: { authorization: headers.authorization },
    });
    await view.page.goto(((await link.json()) as { url: string }).url);
    world.site.show(
      `<!doctype html><script type="module" crossorigin="use-credentials" src="${guarded.url}elements.js"></script><tablecast-table name="own"></tablecast-table>`,
    );
    await view.page.goto(world.site.origin);
    await view.page.getByRole('grid', { name: 'own' }).getByRole('gridcell', { name: '1' }).waitFor();
    await guarded.close();
  });

  it('gives scripts its rows, columns and versions', async () => {
    view = await world.open('<tablecast-table name="prices" columns="size,symbol"></tablecast-table>');
    await view.grid.getByRole('gridcell').first().waitFor();
    await view.page.evaluate(() => {
      const told: unknown[] = [];
      Object.assign(window, { told });
      addEventListener('tablecast-version', (event) => told.push((event as CustomEvent).detail));
    });
    const { version } = await publish(world.gateway.url, 'load', [{ at: 20, load: 1 }], 'op=append');
    await updateData(world.gateway.url);
    await waitFor(
      async () =>
        (await view.page.evaluate(
          () => (document.querySelector('tablecast-table') as unknown as { version: number }).version,
        )) > version,
      { what: 'the element to be at the version' },
    );
    const told = await view.page.evaluate(() => (window as unknown as { told: object[] }).told);
    expect(told.at(-1)).toEqual({ version: version + 1, epoch: expect.any(String) });
    const read = await view.page.evaluate(() => {
      const element = document.querySelector('tablecast-table') as unknown as {
        columns: { name: string; type: string }[];
        rows: { length: number; toArray(): Record<string, unknown>[] };
      };
      return {
        columns: element.columns.map(({ name, type }) => [name, type]),
        rows: element.rows.toArray().map(({ size, symbol }) => [String(size), symbol]),
      };
    });
    expect(read).toEqual({
      columns: [
        ['size', 'int64'],
        ['symbol', 'utf8'],
      ],
      rows: [
        ['0', 'A'],
        ['1', 'B'],
        ['2', 'C'],
      ],
    });
  });
});
