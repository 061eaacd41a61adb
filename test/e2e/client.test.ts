import { afterEach, describe, expect, test } from 'vitest';
import type { Client } from '../../ui/client/client.ts';
import { connect } from '../../ui/client/node.ts';
import type { Row } from '../../ui/client/rows.ts';
import type { TableChange } from '../../ui/client/table-cursor.ts';
import type { PlainRow } from '../support/arrow-messages.ts';
import { openBreakableProxy } from '../support/breakable-proxy.ts';
import { postRows, readJson, readTable } from '../support/gateway-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

let gateway: SpawnedGateway | undefined;
let client: Client | undefined;
let closeProxy: (() => Promise<void>) | undefined;

afterEach(async () => {
  client?.close();
  await closeProxy?.();
  await gateway?.close();
  closeProxy = undefined;
});

const KEYED = '?op=upsert&key=k';

/** A few writes of every kind to two tables, other ones in each round. */
async function write(url: string, round: number): Promise<void> {
  const row = (i: number): PlainRow => ({ k: `k${(round * 7 + i) % 20}`, v: round * 100 + i });
  await postRows(
    url,
    'keyed',
    Array.from({ length: 8 }, (_, i) => row(i)),
    KEYED,
  );
  await postRows(
    url,
    'plain',
    Array.from({ length: 5 }, (_, i) => row(i)),
    '?op=append',
  );
  await postRows(url, 'keyed', [{ k: `k${(round * 7 + 3) % 20}` }], '?op=delete');
  if (round % 4 === 3) await postRows(url, 'plain', [row(0)], '?op=replace');
}

async function hashOf(url: string, table: string): Promise<string> {
  return (await readJson<{ content_hash: string }>(url, `tables/${table}?content_hash=true`)).content_hash;
}

/** Waits until the client's table is the gateway's, value by value. */
async function becomesEqual(own: Client, url: string, table: string): Promise<void> {
  const subscription = own.subscribe(table);
  const wanted = await hashOf(url, table);
  await waitFor(() => subscription.table(table)?.contentHash() === wanted, {
    what: `the table ${table} to equal the gateway's`,
    timeoutMs: 20_000,
  });
  subscription.close();
}

describe('a client in Node', () => {
  test('goes on by itself when its gateway ends and another starts at the same port, and its tables are that one’s', async () => {
    gateway = await spawnGateway();
    await write(gateway.url, 0);
    client = connect(gateway.url);
    const states: string[] = [];
    client.onState((state) => states.push(state));
    const subscription = client.subscribe('keyed', 'plain', 'never');
    for (let life = 0; life < 3; life++) {
      for (const table of ['keyed', 'plain']) await becomesEqual(client, gateway.url, table);
      if (life === 1) gateway.kill('SIGKILL');
      await gateway.close();
      gateway = await spawnGateway({ port: gateway.port });
      for (let round = 0; round <= life; round++) await write(gateway.url, (life + 1) * 10 + round);
    }
    for (const table of ['keyed', 'plain']) await becomesEqual(client, gateway.url, table);
    expect(subscription.table('never')).toBeUndefined();
    expect(states).toEqual(['live', ...Array.from({ length: 3 }, () => ['reconnecting', 'live']).flat()]);
  });

  test('resumes without missing or doubling a row, however often its line breaks', async () => {
    gateway = await spawnGateway();
    const proxy = await openBreakableProxy(gateway.port);
    closeProxy = proxy.close;
    const own = connect(`http://127.0.0.1:${proxy.port}/`);
    client = own;
    const copies = new Map<string, Row[]>();
    const following = ['keyed', 'plain'].map(async (table) => {
      for await (const change of own.changes(table))
        copies.set(table, applied(copies.get(table) ?? [], change));
    });
    for (let round = 0; round < 25; round++) {
      await write(gateway.url, round);
      if (round % 2 === 0) proxy.breakAll();
    }
    const { url } = gateway;
    for (const table of ['keyed', 'plain']) {
      await becomesEqual(own, url, table);
      const wanted = (await readTable(url, table))?.rows;
      await waitFor(() => JSON.stringify(copies.get(table)) === JSON.stringify(wanted), {
        what: `the copy of ${table} to equal the gateway's`,
      });
    }
    own.close();
    await Promise.all(following);
  });

  test('sees several tables at one version, and all of a commit or nothing of it', async () => {
    gateway = await spawnGateway({ args: ['--commit', 'hold'] });
    const own = connect(gateway.url);
    client = own;
    const sums: number[] = [];
    const seen = (async () => {
      for await (const update of own.subscribe('a', 'b')) {
        const [a, b] = [update.table('a')?.numbers('v')[0] ?? 0, update.table('b')?.numbers('v')[0] ?? 0];
        sums.push(a + b);
        if (a === 20) return;
      }
    })();
    for (let i = 1; i <= 20; i++) {
      await postRows(gateway.url, 'a', [{ v: i }]);
      await postRows(gateway.url, 'b', [{ v: -i }]);
      await own.updateData({ tables: ['a', 'b'] });
    }
    await seen;
    expect(sums.every((sum) => sum === 0)).toBe(true);
    expect((await own.tables()).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('shows its token, ends where it is wrong, and is no viewer that draws', async () => {
    gateway = await spawnGateway({
      env: { TABLECAST_VIEW_TOKEN: 'v'.repeat(32), TABLECAST_WRITE_TOKEN: 'w'.repeat(32) },
    });
    const next = connect(gateway.url, { token: 'wrong' }).subscribe('*')[Symbol.asyncIterator]().next();
    await expect(next).rejects.toMatchObject({ code: 'unauthorized' });
    const own = connect(gateway.url, { token: 'w'.repeat(32) });
    client = own;
    await own.subscribe('*')[Symbol.asyncIterator]().next();
    expect(await own.updateData({ waitForRendered: true })).toMatchObject({
      viewers: 1,
      rendered: 0,
      pending: 0,
    });
  });
});

function applied(copy: Row[], change: TableChange): Row[] {
  if (change.op === 'drop') return [];
  const idOf = (row: Row) => change.key?.map((name) => row[name]).join();
  const gone = new Set(change.deleted.toArray().map(idOf));
  const rows =
    change.op === 'snapshot' ? [] : copy.filter((row) => change.key === null || !gone.has(idOf(row)));
  for (const row of change.rows) {
    const at = change.key === null ? -1 : rows.findIndex((other) => idOf(other) === idOf(row));
    if (at < 0) rows.push(row);
    else rows[at] = row;
  }
  return rows.slice(change.dropFirst);
}
