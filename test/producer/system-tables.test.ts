import { describe, expect, test } from 'vitest';
import { CpuTable } from '../../producer/system/cpu-table.ts';
import { MemoryTable } from '../../producer/system/memory-table.ts';
import { NetworkTable } from '../../producer/system/network-table.ts';
import { ProcessesTable } from '../../producer/system/processes-table.ts';
import type { CoreTimes, InterfaceCounters, ProcessReading } from '../../producer/system/system-readings.ts';
import { fakeReadings, processReading } from './fake-readings.ts';

/** Gives one of the readings after the other. */
function inTurn<T>(...readings: T[]): () => Promise<T> {
  return async () => {
    const next = readings.shift();
    if (next === undefined) throw new Error('no more readings');
    return next;
  };
}

test("cpu: a core's load is its busy share of the time between two readings", async () => {
  const cores = inTurn<CoreTimes[]>(
    [
      { busyMs: 100, idleMs: 100 },
      { busyMs: 5, idleMs: 5 },
    ],
    [
      { busyMs: 125, idleMs: 175 },
      { busyMs: 0, idleMs: 9 },
    ],
  );
  const [publication] = await new CpuTable(fakeReadings({ cores }), () => 7).read();
  expect(publication).toEqual({
    rows: [
      { time: new Date(7), core: 0, load_percent: 25 },
      { time: new Date(7), core: 1, load_percent: null },
    ],
    header: { op: 'append', retention: { max_age_ms: 600_000 } },
  });
});

test('memory: rows of the last ten minutes are kept for gateways that come late', async () => {
  let nowMs = 0;
  const table = new MemoryTable(fakeReadings(), () => nowMs);
  for (; nowMs <= 700_000; nowMs += 100_000) await table.read();
  expect(table.whole().map(({ time }) => Number(time))).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((i) => i * 100_000),
  );
});

test('network: rates are bytes per second, and null where there is nothing to compare', async () => {
  let nowMs = 0;
  const counters = (rxBytes: number | null): InterfaceCounters[] => [{ name: 'eth0', rxBytes, txBytes: 50 }];
  const network = inTurn(counters(100), counters(1100), counters(10), counters(null));
  const table = new NetworkTable(fakeReadings({ network }), () => nowMs);
  const rates = [];
  for (; nowMs < 8_000; nowMs += 2_000) {
    const [publication] = await table.read();
    rates.push([publication?.rows[0]?.rx_bytes_per_s, publication?.rows[0]?.tx_bytes_per_s]);
  }
  expect(rates).toEqual([
    [null, null],
    [500, 0],
    [null, 0],
    [null, 0],
  ]);
});

describe('processes', () => {
  async function publicationsOf(...readings: ProcessReading[][]) {
    const table = new ProcessesTable(fakeReadings({ processes: inTurn(...readings) }));
    const publications = [];
    for (const _ of readings) publications.push(await table.read());
    return { table, publications };
  }

  test('first come all rows, then those that changed and the keys of those that ended', async () => {
    const { table, publications } = await publicationsOf(
      [processReading(1), processReading(2)],
      [processReading(1), processReading(2, { cpuPercent: 9 })],
      [processReading(2, { cpuPercent: 9 }), processReading(3)],
      [processReading(2, { cpuPercent: 9 }), processReading(3)],
    );
    const shape = publications.map((list) =>
      list.map(({ rows, header }) => [header.op, header.key, rows.map((row) => row.pid)]),
    );
    expect(shape).toEqual([
      [['replace', 'pid', [1, 2]]],
      // The first reading knows no CPU share yet, so all rows change with the second.
      [['upsert', 'pid', [1, 2]]],
      [
        ['delete', 'pid', [1]],
        ['upsert', 'pid', [3]],
      ],
      [],
    ]);
    expect(table.whole().map((row) => row.pid)).toEqual([2, 3]);
  });

  test('a start time that jitters by a second is no change', async () => {
    const at = (started: string) => [processReading(1, { started })];
    const { publications } = await publicationsOf(
      at('2026-11-21 10:00:00'),
      at('2026-11-21 10:00:01'),
      at('2026-11-21 10:00:00'),
    );
    expect(publications[2]).toEqual([]);
  });

  test('the helper processes of reading itself are left out', async () => {
    const { table } = await publicationsOf([
      processReading(process.pid, { parentPid: 1 }),
      processReading(4_000_001, { parentPid: process.pid }),
      processReading(4_000_002, { parentPid: 4_000_001 }),
      processReading(1),
    ]);
    expect(table.whole().map((row) => row.pid)).toEqual([process.pid, 1]);
  });
});
