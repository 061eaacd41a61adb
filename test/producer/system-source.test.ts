import { afterEach, expect, test } from 'vitest';
import { type SystemSourceOptions, startSystemSource } from '../../producer/system-source.ts';
import { type BusMessage, type BusPeer, isPublication, subscriber } from './bus-peer.ts';
import { fakeReadings } from './fake-readings.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function started(options: SystemSourceOptions = {}): BusPeer {
  const source = startSystemSource({ bind: 'tcp://127.0.0.1:*', waitForSubscriberMs: 60_000, ...options });
  const peer = subscriber(source.producer.endpoints[0]!);
  open.push(source, peer);
  return peer;
}

/** The first message of each table, until all of them have come. */
async function firstOf(peer: BusPeer, tables: readonly string[]): Promise<Map<string, BusMessage>> {
  const seen = new Map<string, BusMessage>();
  while (tables.some((table) => !seen.has(table))) {
    const message = await peer.next(isPublication);
    if (!seen.has(message.topic)) seen.set(message.topic, message);
  }
  return seen;
}

test("this machine's tables come with the operations and columns that are promised", async () => {
  const first = await firstOf(started(), ['cpu', 'memory', 'network', 'processes']);
  const shapes = [...first.values()].map(({ topic, header, rows }) => [
    topic,
    header.op,
    Object.keys(rows[0] ?? {}).slice(0, 3),
  ]);
  expect(Object.fromEntries(shapes.map(([topic, ...rest]) => [topic, rest]))).toMatchObject({
    cpu: ['append', ['time', 'core', 'load_percent']],
    memory: ['append', ['time', 'used_gib', 'available_gib']],
    network: ['append', ['time', 'interface', 'rx_bytes_per_s']],
    processes: ['replace', ['pid', 'name', 'cpu_percent']],
  });
  for (const row of first.get('cpu')?.rows ?? []) {
    expect(row.load_percent).toBeGreaterThanOrEqual(0);
    expect(row.load_percent).toBeLessThanOrEqual(100);
  }
  expect(first.get('processes')?.rows.map((row) => row.pid)).toContain(process.pid);
});

test('a table that cannot be read, or never ends reading, holds no other up and is reported once', async () => {
  const errors: string[] = [];
  const readings = fakeReadings({
    memory: () => new Promise(() => {}),
    network: async () => {
      throw new Error('no such metric here');
    },
  });
  const peer = started({ readings, onTableError: (table) => errors.push(table) });
  await firstOf(peer, ['cpu', 'processes']);
  await peer.next(({ topic, header }) => topic === 'cpu' && header.seq === 3);
  expect(errors).toEqual(['network']);
});

test('a gateway that comes late is told all rows of every table', async () => {
  const source = startSystemSource({ bind: 'tcp://127.0.0.1:*', readings: fakeReadings() });
  const peer = subscriber(source.producer.endpoints[0]!);
  open.push(source, peer);
  await peer.next(({ topic, header }) => topic === 'memory' && header.seq === 2);
  const late = subscriber(source.producer.endpoints[0]!, 'connect', ['', '$resync.']);
  open.push(late);
  const memory = await late.next(({ topic, header }) => topic === 'memory' && header.snapshot === true);
  expect(memory.rows.length).toBeGreaterThanOrEqual(2);
  expect(memory.header).toMatchObject({ op: 'replace', retention: { max_age_ms: 600_000 } });
  const processes = await late.next(({ topic, header }) => topic === 'processes' && header.snapshot === true);
  expect(processes).toMatchObject({ header: { key: ['pid'] }, rows: [{ pid: 1 }] });
});
