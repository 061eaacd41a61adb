import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createProducer, type Producer } from '../../producer/producer.ts';
import type { Row } from '../../protocol/arrow/from-values.ts';
import { scrape } from '../support/exposition.ts';
import { freeAddress } from '../support/free-port.ts';
import { readJson, readTable } from '../support/gateway-http.ts';
import { type LossyHop, openLossyHop } from '../support/lossy-hop.ts';
import { openPush } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { spawnProducer } from '../support/spawn-producer.ts';
import { waitFor } from '../support/wait-for.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});
function closing<T extends { close(): unknown }>(one: T): T {
  opened.push(one);
  return one;
}

interface Info {
  readonly checked: boolean;
  readonly run: string | null;
  readonly seq: number | null;
  readonly gaps: number;
  readonly missing: number;
  readonly missing_before: number;
  readonly duplicates: number;
  readonly producer: string | null;
}

const TIMEOUT_MS = 30_000;
const infoOf = ({ url }: { url: string }, table: string) => readJson<Info>(url, `tables/${table}`);
const rowsOf = async ({ url }: { url: string }, table: string) => (await readTable(url, table))?.rows;

/** Waits until a table is told of so. */
function until(gateway: SpawnedGateway, table: string, wanted: Partial<Info>): Promise<Info> {
  const entries = Object.entries(wanted) as [keyof Info, unknown][];
  return waitFor(
    async () => {
      const info = await infoOf(gateway, table);
      return entries.every(([name, value]) => info[name] === value) && info;
    },
    { what: `${table} with ${JSON.stringify(wanted)}`, timeoutMs: TIMEOUT_MS },
  );
}

/** A number is told of when it came, and its rows show once they are stored. */
async function untilRows(gateway: SpawnedGateway, table: string, numbers: readonly number[]): Promise<void> {
  const all = await waitFor(
    async () => {
      const rows = await rowsOf(gateway, table);
      return rows?.length === numbers.length && rows;
    },
    { what: `the rows of ${table}`, timeoutMs: TIMEOUT_MS },
  );
  expect(all).toEqual(numbers.map((n) => ({ n })));
}

/** A producer's tables as they are whole, which it tells when it is asked. */
class Whole {
  readonly tables = new Map<string, Row[]>();

  append(table: string, n: number): readonly Row[] {
    this.tables.set(table, [...(this.tables.get(table) ?? []), { n }]);
    return [{ n }];
  }

  upsert(table: string, k: string, n: number): readonly Row[] {
    const others = (this.tables.get(table) ?? []).filter((row) => row.k !== k);
    this.tables.set(table, [...others, { k, n }]);
    return [{ k, n }];
  }
}

describe('on a lossy way from producer to gateway', () => {
  const whole = new Whole();
  let producer: Producer;
  let hop: LossyHop;
  let gateway: SpawnedGateway;
  beforeAll(async () => {
    producer = createProducer({
      bind: 'tcp://127.0.0.1:*',
      snapshotOf: (table) => whole.tables.get(table),
    });
    hop = await openLossyHop({ producer: producer.endpoints[0]! });
    gateway = await spawnGateway({
      connect: hop.address,
      bind: 'none',
      pull: 'none',
      readyTimeoutMs: 60_000,
    });
  });
  afterEach(() => {
    hop.fateOf = () => 'passes';
  });
  afterAll(async () => {
    await gateway?.close();
    hop?.close();
    await producer?.close();
  });

  const append = (table: string, n: number) =>
    producer.publish(table, whole.append(table, n), { op: 'append', retention: { max_rows: 1000 } });
  const upsert = (k: string, n: number) =>
    producer.publish('keyed', whole.upsert('keyed', k, n), { op: 'upsert', key: 'k' });
  const sorted = (rows: readonly object[] | undefined) => rows?.map((row) => JSON.stringify(row)).sort();

  test('lost publications are noticed, the tables go on meanwhile, and are mended without a restart', async () => {
    await Promise.all([append('log', 1), upsert('a', 1)]);
    await until(gateway, 'log', { seq: 1, missing: 0 });
    await until(gateway, 'keyed', { seq: 1, missing: 0 });
    // The answers are lost too, so that the gaps stay open for a look at them.
    hop.fateOf = ({ header }) =>
      header.snapshot === true || header.seq === 2 || header.seq === 3 ? 'is lost' : 'passes';
    for (const n of [2, 3, 4]) await Promise.all([append('log', n), upsert(`${n}`, n)]);
    await until(gateway, 'log', { seq: 4, gaps: 1, missing: 2, producer: 'live' });
    await until(gateway, 'keyed', { seq: 4, gaps: 1, missing: 2 });
    await untilRows(gateway, 'log', [1, 4]);
    hop.fateOf = () => 'passes';
    await until(gateway, 'log', { seq: 4, gaps: 1, missing: 0 });
    await until(gateway, 'keyed', { seq: 4, gaps: 1, missing: 0 });
    await untilRows(gateway, 'log', [1, 2, 3, 4]);
    await waitFor(
      async () => {
        expect(sorted(await rowsOf(gateway, 'keyed'))).toEqual(sorted(whole.tables.get('keyed')));
        return true;
      },
      { what: 'the rows of keyed', timeoutMs: TIMEOUT_MS },
    );
    const { samples } = await scrape(gateway.url);
    expect(samples.get('tablecast_gaps_total{kind="jump"}')).toBe(2);
    expect(samples.get('tablecast_gaps_open')).toBe(0);
    expect(samples.get('tablecast_resyncs_total')).toBeGreaterThanOrEqual(2);
    expect(samples.get('tablecast_producers{state="live"}')).toBe(1);
  });

  test('a lost last publication is noticed by the heartbeat after it', async () => {
    await append('tail', 1);
    await until(gateway, 'tail', { seq: 1, missing: 0 });
    hop.fateOf = ({ topic }) => (topic === 'tail' ? 'is lost' : 'passes');
    await append('tail', 2);
    await until(gateway, 'tail', { seq: 1, gaps: 1, missing: 1 });
    hop.fateOf = () => 'passes';
    await until(gateway, 'tail', { seq: 2, gaps: 1, missing: 0 });
    await untilRows(gateway, 'tail', [1, 2]);
  });

  test('a table of which nothing came is there after the next heartbeat', async () => {
    hop.fateOf = ({ topic, header }) =>
      topic === 'unseen' && header.snapshot !== true ? 'is lost' : 'passes';
    await append('unseen', 1);
    await untilRows(gateway, 'unseen', [1]);
  });

  test('what comes twice is taken once', async () => {
    hop.fateOf = ({ topic }) => (topic === 'twice' ? 'comes twice' : 'passes');
    for (const n of [1, 2, 3]) await append('twice', n);
    await until(gateway, 'twice', { seq: 3, missing: 0 });
    await waitFor(async () => (await infoOf(gateway, 'twice')).duplicates >= 2, { what: 'duplicates' });
    await untilRows(gateway, 'twice', [1, 2, 3]);
  });
});

describe('with no loss between them', () => {
  test('P40: a gateway that restarts on its directory has what was sent meanwhile, and nothing twice', async () => {
    const path = mkdtempSync(join(tmpdir(), 'tablecast-sequence-'));
    closing({ close: () => rmSync(path, { recursive: true, force: true }) });
    const whole = new Whole();
    const producer = closing(
      createProducer({ bind: 'tcp://127.0.0.1:*', snapshotOf: (table) => whole.tables.get(table) }),
    );
    const start = () =>
      spawnGateway({
        connect: producer.endpoints[0]!,
        bind: 'none',
        args: ['--data-dir', path],
        readyTimeoutMs: 60_000,
      });
    const append = (n: number) => producer.publish('log', whole.append('log', n), { op: 'append' });
    const push = async ({ pull }: SpawnedGateway, numbers: readonly number[]) => {
      const socket = closing(openPush(pull));
      for (const seq of numbers)
        await socket.publish('pushed', [{ n: seq }], { op: 'append', run: 'r', seq });
    };
    const first = closing(await start());
    for (const n of [1, 2, 3]) await append(n);
    await push(first, [1, 2, 5]);
    await untilRows(first, 'log', [1, 2, 3]);
    await untilRows(first, 'pushed', [1, 2, 5]);
    first.kill('SIGKILL');
    await first.ended;
    for (const n of [4, 5]) await append(n);
    const second = closing(await start());
    expect(await infoOf(second, 'pushed')).toMatchObject({ checked: true, run: 'r', seq: 5, missing: 2 });
    const noticed = await until(second, 'log', { seq: 5, missing: 0, gaps: 1 });
    expect(noticed).toMatchObject({ run: producer.run, missing_before: 0 });
    await append(6);
    await push(second, [5, 1, 4, 8]);
    await until(second, 'pushed', { seq: 8, missing: 3, duplicates: 2 });
    await untilRows(second, 'log', [1, 2, 3, 4, 5, 6]);
    await untilRows(second, 'pushed', [1, 2, 5, 4, 8]);
  });

  test('a producer that dies is silent, and one that starts anew in another run takes its tables over', async () => {
    const address = await freeAddress();
    const gateway = closing(
      await spawnGateway({ connect: address, bind: 'none', pull: 'none', readyTimeoutMs: 60_000 }),
    );
    const first = closing(spawnProducer({ bind: address }));
    await waitFor(() => rowsOf(gateway, 'cpu'), { what: 'the table', timeoutMs: TIMEOUT_MS });
    const before = await until(gateway, 'cpu', { checked: true, missing: 0, producer: 'live' });
    first.kill('SIGKILL');
    await until(gateway, 'cpu', { producer: 'silent' });
    closing(spawnProducer({ bind: address }));
    const after = await until(gateway, 'cpu', { missing: 0, missing_before: 0, producer: 'live' });
    expect(after.run).not.toBe(before.run);
  });

  test('a producer that holds no state of a table is not asked for it, and what is missing is said', async () => {
    const gateway = closing(await spawnGateway({ connect: 'none', pull: 'none', readyTimeoutMs: 60_000 }));
    const producer = closing(createProducer({ connect: gateway.bind, waitForSubscriberMs: TIMEOUT_MS }));
    await producer.publish('lines', [{ n: 1 }], { op: 'append' });
    await until(gateway, 'lines', { seq: 1, producer: 'live' });
    await producer.publish('lines', [{ n: 3 }], { op: 'append', seq: 3 });
    await until(gateway, 'lines', { seq: 3, missing: 1, gaps: 1 });
    const { samples } = await scrape(gateway.url);
    expect(samples.get('tablecast_resync_requests_total')).toBe(0);
  });
});
