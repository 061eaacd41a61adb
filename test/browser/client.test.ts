import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { openExamplePage } from './example-page.ts';
import { publish } from './publish.ts';

/** A page of somebody else: one script, which comes from the gateway. */
const PAGE = (gateway: string) => `<!doctype html><title>own page</title><output></output>
<script type="module">
  import { connect } from '${gateway}client.js';
  const client = connect('${gateway}');
  client.onState((state) => { document.title = state; });
  for await (const update of client.subscribe('prices')) {
    const prices = update.table('prices');
    document.querySelector('output').textContent =
      prices === undefined ? 'none' : prices.rows().toArray().map(({ symbol, price }) => symbol + '=' + price).join(' ');
  }
</script>`;

let browser: Browser;
let gateway: SpawnedGateway;
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(PAGE(gateway.url));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  [browser, gateway] = await Promise.all([
    launchChromium(),
    spawnGateway({ args: ['--allow-origin', origin] }),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
  server.close();
});

it('a plain page of another site follows a table with the one script that the gateway serves, and outlives the gateway', async () => {
  await publish(gateway.url, 'prices', [{ symbol: 'A', price: 1.5 }], 'op=upsert&key=symbol');
  const { page, complaints } = await openExamplePage(browser, origin);
  const output = page.locator('output');
  await output.filter({ hasText: /^A=1.5$/ }).waitFor();
  await publish(gateway.url, 'prices', [{ symbol: 'B', price: 2.5 }], 'op=upsert&key=symbol');
  await output.filter({ hasText: /^A=1.5 B=2.5$/ }).waitFor();
  expect(complaints).toEqual([]);
  await gateway.close();
  await page.waitForFunction(() => document.title === 'reconnecting');
  expect(await output.textContent()).toBe('A=1.5 B=2.5');
  gateway = await spawnGateway({ port: gateway.port, args: ['--allow-origin', origin] });
  await publish(gateway.url, 'prices', [{ symbol: 'C', price: 3.5 }], 'op=upsert&key=symbol');
  await output.filter({ hasText: /^C=3.5$/ }).waitFor();
  await page.close();
});

it('a page of any site asks and commits where the gateway allows them all, and shows it no login', async () => {
  const open = await spawnGateway({ args: ['--allow-origin', '*', '--insecure'] });
  await publish(open.url, 'prices', [{ symbol: 'A', price: 1.5 }], 'op=upsert&key=symbol&commit=hold');
  const { page, complaints } = await openExamplePage(browser, origin);
  // As text, for the test runner has its own idea of an import.
  const asked = await page.evaluate(`(async () => {
    const { connect } = await import('${open.url}client.js');
    const client = connect('${open.url}');
    const { version } = await client.updateData({ tables: ['prices'] });
    const tables = (await client.tables()).map(({ name, rows }) => [name, rows]);
    client.close();
    return { version, tables };
  })()`);
  expect(asked).toEqual({ version: 1, tables: [['prices', 1]] });
  // The one request that finds out that no login is taken.
  expect(complaints.filter((complaint) => !/CORS|ERR_FAILED/.test(complaint))).toEqual([]);
  await page.close();
  await open.close();
});
