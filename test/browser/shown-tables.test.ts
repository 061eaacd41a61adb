import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { saveDashboard } from './dashboard-page.ts';
import { type LineWatch, watchLine } from './line-watch.ts';
import { publish, updateData } from './publish.ts';

const LARGE_ROWS = 20_000;

let browser: Browser;
let gateway: SpawnedGateway;
let page: Page;
let line: LineWatch;

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium(), spawnGateway()]);
  const large = Array.from({ length: LARGE_ROWS }, (_, i) => ({ id: i, value: i / 2 }));
  await publish(gateway.url, 'large', large, 'op=upsert&key=id');
  await publish(gateway.url, 'small', [{ n: 1n }], 'op=append');
  await publish(gateway.url, 'other', [{ m: 1n }], 'op=append');
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

afterEach(() => page?.close());

async function open(address: string): Promise<void> {
  page = await browser.newPage();
  line = await watchLine(page);
  await page.goto(`${gateway.url}${address}`);
  // First rows may be there before the table is.
  await page.locator('html[data-version]').waitFor();
}

const link = (name: string) => page.getByRole('link', { name: new RegExp(`^${name}`) });
const grid = (name: string) => page.getByRole('grid', { name });
const cell = (text: string) => page.getByRole('gridcell', { name: text, exact: true });
const drawn = (version: number) =>
  page.waitForFunction((wanted) => Number(document.documentElement.dataset.version) >= wanted, version);

describe('a page of one table', () => {
  it('loads that one alone, and goes on with the versions of all', async () => {
    await open('?table=small');
    await cell('1').waitFor();
    await link('large').waitFor();
    const { version } = await publish(gateway.url, 'large', [{ id: -1, value: 1 }], 'op=upsert&key=id');
    await drawn(version);
    await page.getByText(`v ${version}`).waitFor();
    expect(line.subscriptions()).toEqual(['+small']);
    expect(line.dataBytes()).toBeLessThan(2000);
    expect(await updateData(gateway.url, 'wait=rendered&timeout_ms=20000')).toMatchObject({ rendered: 1 });
  });

  it('lists a table that comes without loading it', async () => {
    await open('?table=small');
    await cell('1').waitFor();
    await publish(gateway.url, 'newcomer', [{ n: 1n }], 'op=replace');
    await link('newcomer').waitFor();
    await fetch(`${gateway.url}tables/newcomer`, { method: 'DELETE' });
    await link('newcomer').waitFor({ state: 'detached' });
    expect(line.subscriptions()).toEqual(['+small']);
  });

  it('goes to others and back without asking again for what it showed', async () => {
    await open('');
    await page.getByRole('grid').waitFor();
    for (const name of ['small', 'other', 'large', 'small', 'other']) {
      await link(name).click();
      await grid(name).waitFor();
    }
    const asked = line.subscriptions().join(' ');
    for (const name of ['large', 'other', 'small']) expect(asked.split(name).length - 1).toBe(1);
    expect(asked).not.toContain('-');
    const { version } = await publish(gateway.url, 'small', [{ n: 22n }], 'op=append');
    await link('small').click();
    await drawn(version);
    await cell('22').waitFor();
  });

  it('shows first rows of the next table while it is on its way, and reports no version until it is drawn', async () => {
    await open('?table=small');
    await cell('1').waitFor();
    line.hold();
    await link('large').click();
    await page.getByText(/^Loading: the first 200 of 20.00\d rows\.$/).waitFor();
    await grid('large').getByRole('gridcell', { name: '3.5', exact: true }).waitFor();
    const { version } = await updateData(gateway.url);
    expect(Number(await page.locator('html').getAttribute('data-version'))).toBeLessThan(version);
    const rendered = updateData(gateway.url, 'wait=rendered&timeout_ms=30000');
    line.release();
    await expect.poll(() => grid('large').getAttribute('aria-rowcount')).toMatch(/^2000\d$/);
    expect(await page.getByText('Loading: the first').count()).toBe(0);
    expect(await rendered).toMatchObject({ rendered: 1, pending: 0 });
  });

  it('says that a table is not there yet, shows it when it comes, and anew after a drop', async () => {
    await open('?table=awaited');
    await page.getByText('There is no table “awaited” yet').waitFor();
    const first = await publish(gateway.url, 'awaited', [{ a: 'one' }], 'op=replace');
    await drawn(first.version);
    await cell('one').waitFor();
    await fetch(`${gateway.url}tables/awaited`, { method: 'DELETE' });
    await page.getByText('There is no table “awaited” yet').waitFor();
    await publish(gateway.url, 'awaited', [{ b: 'two' }], 'op=upsert&key=b');
    await cell('two').waitFor();
    expect(await page.getByRole('columnheader').first().textContent()).toContain('b');
    await fetch(`${gateway.url}tables/awaited`, { method: 'DELETE' });
    expect(line.subscriptions()).toEqual(['+awaited']);
  });

  it('resumes after a break what it holds, and asks whole for what it lacks', async () => {
    await open('?table=nowhere');
    await page.getByText('There is no table “nowhere” yet').waitFor();
    for (const name of ['small', 'other']) {
      await link(name).click();
      await grid(name).waitFor();
    }
    const before = Number(await page.locator('html').getAttribute('data-version'));
    expect(line.subscriptions()).toEqual(['+nowhere', '+small', '+other']);
    await line.cut();
    const { version } = await publish(gateway.url, 'other', [{ m: 77n }], 'op=append');
    await drawn(version);
    await cell('77').waitFor();
    expect(line.subscriptions()).toEqual([`+other,small@${before}`, '+nowhere']);
    await publish(gateway.url, 'small', [{ n: 78n }], 'op=append');
    await link('small').click();
    await cell('78').waitFor();
  });

  it('says where a table is not on the paused page, and shows it when it goes live', async () => {
    await open('?table=small');
    await cell('1').waitFor();
    await page.locator('body').press('p');
    await link('other').click();
    await page.getByText('“other” is not on the paused page').waitFor();
    await link('small').click();
    await cell('1').waitFor();
    await link('other').click();
    await page.getByRole('button', { name: 'go live' }).click();
    await grid('other').waitFor();
    await publish(gateway.url, 'other', [{ m: 99n }], 'op=append');
    await cell('99').waitFor();
  });
});

describe('a dashboard', () => {
  it('loads the tables of its panels and thresholds alone, and columns of others for its forms', async () => {
    await saveDashboard(gateway.url, 'board', {
      panels: [{ id: 'a', type: 'table', table: 'small', x: 0, y: 0, width: 6, height: 8 }],
      thresholds: [{ table: 'other', column: 'm', is: '>', value: '1000', level: 'warning' }],
    });
    await open('?dashboard=board');
    await cell('1').waitFor();
    await expect.poll(() => page.locator('html').getAttribute('data-version')).not.toBeNull();
    const asked = line.subscriptions().join(' ').replaceAll(/[+,]/g, ' ');
    expect(asked.split(' ').filter(Boolean).sort()).toEqual(['other', 'small']);
    await publish(gateway.url, 'other', [{ m: 1001n }], 'op=append');
    await page.getByText('other · m > 1000').first().waitFor();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByRole('button', { name: 'Add panel' }).click();
    await page.getByRole('combobox', { name: 'Table', exact: true }).selectOption('large');
    await page.getByLabel('Shows').selectOption('chart');
    await page.getByRole('checkbox', { name: 'value' }).waitFor();
    expect(line.subscriptions()).toEqual([]);
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => line.subscriptions()).toEqual(['+large']);
    await page.getByRole('img', { name: /value by/ }).waitFor();
  });
});
