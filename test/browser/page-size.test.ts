import { gzipSync } from 'node:zlib';
import type { Browser, Response } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { chart } from './chart-page.ts';
import { publish } from './publish.ts';

const KB = 1000;

let browser: Browser;
let gateway: SpawnedGateway;

beforeAll(async () => {
  [browser, gateway] = await Promise.all([launchChromium(), spawnGateway({ connect: 'none', bind: 'none' })]);
  await publish(gateway.url, 'prices', [{ id: 'a', price: 1.5 }], 'op=upsert&key=id');
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

/** A script with all that it imports at once; `files` are bodies by their names. */
function withImports(
  name: string,
  files: ReadonlyMap<string, Buffer>,
  found = new Set<string>(),
): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  const text = files.get(name)?.toString() ?? '';
  for (const [, other = ''] of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g))
    withImports(other, files, found);
  return found;
}

/** Nothing where the page was closed before it came. */
function bodyOf(response: Response): Promise<Buffer> {
  return response.body().catch(() => Buffer.alloc(0));
}

it('is at most 120 KB before its first table and 220 KB more with its first chart, and what shapes one comes when asked for', async () => {
  const page = await browser.newPage();
  const coming: Promise<[string, Buffer]>[] = [];
  page.on('response', (response) => {
    const name = new URL(response.url()).pathname.split('/').at(-1)!;
    if (/\.(js|css)$/.test(name)) coming.push(bodyOf(response).then((body) => [name, body]));
  });
  await page.goto(`${gateway.url}?table=prices`);
  await chart(page, 'Bar chart of price by id').waitFor();
  const files = new Map(await Promise.all(coming));
  const nameOf = (start: string, end = '') =>
    [...files.keys()].find((name) => name.startsWith(start) && name.endsWith(end))!;
  const sizeOf = (names: Iterable<string>) =>
    [...names].reduce((sum, name) => sum + gzipSync(files.get(name)!, { level: 9 }).length, 0);
  const styles = [...files.keys()].filter((name) => name.endsWith('.css'));
  const first = new Set([...withImports(nameOf('index-', '.js'), files), ...styles]);
  const ofChart = [...withImports(nameOf('chart-code-'), files)].filter((name) => !first.has(name));
  expect(sizeOf(first)).toBeGreaterThan(30 * KB);
  expect(sizeOf(first)).toBeLessThanOrEqual(120 * KB);
  expect(sizeOf(ofChart)).toBeGreaterThan(100 * KB);
  expect(sizeOf(ofChart)).toBeLessThanOrEqual(220 * KB);
  expect(nameOf('create-builder')).toBeUndefined();
  const builder = page.waitForResponse(/create-builder[^/]*\.js$/);
  await page.getByRole('button', { name: 'Shape the chart' }).click();
  await builder;
  await page.close();
});
