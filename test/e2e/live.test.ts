import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readJson, readTable } from '../support/gateway-http.ts';
import { type LiveClient, openLiveClient } from '../support/live-client.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

let gateway: SpawnedGateway;
let push: PushSocket;
/** Sees every commit: tells a test when what it pushed is shown. */
let watch: LiveClient;
let clients: LiveClient[] = [];
let testCount = 0;
/** Table names of this test alone. */
let t: (name: string) => string;

beforeAll(async () => {
  gateway = await spawnGateway();
  push = openPush(gateway.pull);
});
beforeEach(async () => {
  const prefix = `t${++testCount}-`;
  t = (name) => prefix + name;
  watch = await open();
  await watch.subscribe('*');
});
afterEach(() => {
  for (const client of clients) {
    expect(client.faults).toEqual([]);
    client.close();
  }
  clients = [];
});
afterAll(async () => {
  push?.close();
  await gateway?.close();
});

async function open(options: Parameters<typeof openLiveClient>[1] = {}): Promise<LiveClient> {
  const client = await openLiveClient(gateway.wsUrl, options);
  clients.push(client);
  return client;
}

/** Publishes and resolves with the version that shows it. */
async function publish(...args: Parameters<PushSocket['publish']>): Promise<number> {
  await push.publish(...args);
  return (await watch.next('commit')).version;
}

const httpRows = (table: string) => readTable(gateway.url, table);

const keyed = { op: 'upsert', key: ['k'] };

describe('subscribing', () => {
  test('hello comes first, with the epoch and version that HTTP tells too', async () => {
    await publish(t('a'), [{ n: 1 }]);
    const client = await open();
    const hello = await client.next('hello');
    expect(client.messages[0]).toBe(hello);
    const { epoch, version } = await readJson<{ epoch: string; version: number }>(gateway.url, 'readyz');
    expect(hello).toEqual({ type: 'hello', epoch, version });
  });

  test('each subscribe is answered by one commit at the current version, with snapshots', async () => {
    await publish(t('a'), [{ n: 1 }]);
    const version = await publish(t('b'), [{ k: 'x', n: 2 }], keyed);
    const client = await open();
    client.send({ type: 'subscribe', tables: [t('a')] });
    client.send({ type: 'subscribe', tables: [t('b'), t('none')] });
    client.send({ type: 'subscribe', tables: [] });
    expect(await client.next('commit')).toMatchObject({
      version,
      changes: [{ table: t('a'), rows: 1, snapshot: true }],
    });
    expect(await client.next('commit')).toMatchObject({
      version,
      changes: [{ table: t('b'), key: ['k'], snapshot: true }],
    });
    expect(await client.next('commit')).toMatchObject({ version, changes: [] });
    expect([client.rows(t('a')), client.rows(t('b'))]).toEqual([[{ n: 1 }], [{ k: 'x', n: 2 }]]);
  });

  test('a table named before it exists comes when it does', async () => {
    const client = await open();
    await client.subscribe([t('later')]);
    const version = await publish(t('later'), [{ n: 1 }]);
    expect(await client.commitAt(version)).toMatchObject({
      changes: [{ table: t('later'), snapshot: true }],
    });
    expect(client.rows(t('later'))).toEqual([{ n: 1 }]);
  });

  test('"*" is all tables, those to come included', async () => {
    await publish(t('a'), [{ n: 1 }]);
    const client = await open();
    await client.subscribe('*');
    expect(client.tables()).toContain(t('a'));
    const version = await publish(t('b'), [{ n: 2 }]);
    await client.commitAt(version);
    expect(client.rows(t('b'))).toEqual([{ n: 2 }]);
  });
});

describe('resuming', () => {
  test('a viewer that comes back with its version gets what it missed, and has what HTTP has', async () => {
    await publish(
      t('a'),
      [
        { k: 'x', n: 1 },
        { k: 'y', n: 2 },
      ],
      keyed,
    );
    const left = await open();
    const { epoch } = await left.next('hello');
    const { version } = await left.subscribe([t('a')]);
    left.close();
    await left.closed;
    await publish(t('a'), [{ k: 'x' }], { op: 'delete' });
    const missed = await publish(t('a'), [
      { k: 'y', n: 5 },
      { k: 'z', n: 6 },
    ]);
    const back = await open({ replica: left.replica });
    const answer = await back.subscribe([t('a')], { since: { epoch, version } });
    expect(answer).toMatchObject({
      version: missed,
      changes: [
        { op: 'delete', key: ['k'], rows: 1, snapshot: false },
        { op: 'upsert', key: ['k'], rows: 2, snapshot: false },
      ],
    });
    const rows = [
      { k: 'y', n: 5 },
      { k: 'z', n: 6 },
    ];
    expect(back.rows(t('a'))).toEqual(rows);
    expect(await httpRows(t('a'))).toEqual({ version: missed, rows });
  });

  test.each([
    ['another epoch', () => ({ epoch: 'of-another-life', version: 0 })],
    ['a version that is yet to come', (epoch: string) => ({ epoch, version: 1_000_000 })],
  ])('%s gets a snapshot', async (_, since) => {
    await publish(t('a'), [{ n: 1 }], { op: 'append' });
    const client = await open();
    const { epoch } = await client.next('hello');
    const answer = await client.subscribe([t('a')], { since: since(epoch) });
    expect(answer.changes).toMatchObject([{ table: t('a'), rows: 1, snapshot: true }]);
  });

  test('since at the current version brings nothing, in one commit', async () => {
    const version = await publish(t('a'), [{ n: 1 }]);
    const client = await open();
    const { epoch } = await client.next('hello');
    expect(await client.subscribe([t('a')], { since: { epoch, version } })).toMatchObject({
      version,
      changes: [],
    });
  });
});

describe('changes', () => {
  test('append, upsert, delete, replace and retention leave every viewer with what HTTP reads', async () => {
    const append = { op: 'append' };
    const steps: Parameters<PushSocket['publish']>[] = [
      [t('log'), [{ n: 1 }, { n: 2 }], { ...append, retention: { max_rows: 3 } }],
      [t('log'), [{ n: 3 }, { n: 4 }], append],
      [t('log'), [{ n: 5, note: 'wider' }], append],
      [
        t('state'),
        [
          { k: 'x', n: 1 },
          { k: 'y', n: 2 },
        ],
        keyed,
      ],
      [t('state'), [{ k: 'y', m: 7 }]],
      [t('state'), [{ k: 'z', n: 3 }]],
      [t('state'), [{ k: 'x' }], { op: 'delete' }],
      [t('state'), [{ k: 'x', n: 9 }]],
      [t('log'), [{ other: 'schema' }], { op: 'replace' }],
    ];
    const late = await open();
    for (const [i, step] of steps.entries()) {
      const version = await publish(...step);
      const table = String(step[0]);
      const http = await httpRows(table);
      expect(http).toEqual({ version, rows: watch.rows(table) });
      if (i === 3) await late.subscribe('*');
      if (i > 3) await late.commitAt(version);
      if (i > 3) expect(late.rows(table)).toEqual(watch.rows(table));
    }
    expect(watch.rows(t('state'))).toEqual([
      { k: 'y', n: 2, m: 7 },
      { k: 'z', n: 3, m: null },
      { k: 'x', n: 9, m: null },
    ]);
  });

  test('a dropped table goes, without a binary message, and may come anew', async () => {
    await publish(t('a'), [{ n: 1 }]);
    await fetch(new URL(`tables/${t('a')}`, gateway.url), { method: 'DELETE' });
    const { changes } = await watch.next('commit');
    expect(changes).toMatchObject([{ table: t('a'), op: 'drop' }]);
    expect(watch.rows(t('a'))).toBeNull();
    await publish(t('a'), [{ text: 'new' }]);
    expect(watch.rows(t('a'))).toEqual([{ text: 'new' }]);
  });

  test('after unsubscribe a commit of that table comes as a bare notification', async () => {
    await publish(t('a'), [{ n: 1 }]);
    const client = await open();
    await client.subscribe([t('a'), t('b')]);
    client.send({ type: 'unsubscribe', tables: [t('a')] });
    await client.subscribe([]);
    const bare = await publish(t('a'), [{ n: 2 }]);
    expect(await client.next('commit')).toMatchObject({ version: bare, changes: [] });
    const version = await publish(t('b'), [{ n: 3 }]);
    expect(await client.next('commit')).toMatchObject({ version, changes: [{ table: t('b') }] });
    expect(client.rows(t('a'))).toEqual([{ n: 1 }]);
  });

  test('a large snapshot is one commit of several changes, and equals HTTP', async () => {
    const rows = Array.from({ length: 40_000 }, (_, n) => ({ k: `row ${n} with some text`, n }));
    const version = await publish(t('large'), rows, keyed);
    const client = await open();
    const answer = await client.subscribe([t('large')]);
    expect(answer.version).toBe(version);
    expect(answer.changes.length).toBeGreaterThan(1);
    expect(answer.changes.map(({ snapshot }) => snapshot).indexOf(true, 1)).toBe(-1);
    expect(client.rows(t('large'))).toEqual(rows);
    expect(await httpRows(t('large'))).toEqual({ version, rows });
  });
});
