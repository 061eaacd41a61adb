import { describe, expect, test } from 'vitest';
import { NO_TABLES, withTables } from '../../gateway/live/subscription-group.ts';
import { LatencyHistogram } from '../../gateway/metrics/latency-histogram.ts';
import { SentTimes } from '../../gateway/metrics/sent-times.ts';
import type { Publication } from '../../gateway/tables/publication.ts';
import { TableStore } from '../../gateway/tables/table-store.ts';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';

function read(histogram: LatencyHistogram): Record<string, number> {
  const lines = histogram.exposition().trim().split('\n');
  return Object.fromEntries(
    lines
      .filter((line) => !line.startsWith('#'))
      .map((line) => {
        const [name, value] = line.split(' ') as [string, string];
        return [name.replace(/^\w+_(bucket|sum|count)/, '$1'), Number(value)];
      }),
  );
}

describe('a histogram of durations', () => {
  test.each([
    ['nothing', [], { 'bucket{le="0.001"}': 0, 'bucket{le="+Inf"}': 0, sum: 0, count: 0 }],
    ['a bound itself', [0.005], { 'bucket{le="0.0025"}': 0, 'bucket{le="0.005"}': 1, sum: 0.005, count: 1 }],
    ['more than the last bound', [31], { 'bucket{le="30"}': 0, 'bucket{le="+Inf"}': 1, sum: 31, count: 1 }],
    ['less than a clock step below nothing', [-0.0009], { 'bucket{le="0.001"}': 1, sum: 0, count: 1 }],
    [
      'what clocks that differ give',
      [-0.0011, -5, Number.NaN, Number.NEGATIVE_INFINITY],
      { sum: 0, count: 0 },
    ],
    [
      'several',
      [0.5, 0.25, 2],
      { 'bucket{le="0.25"}': 1, 'bucket{le="0.5"}': 2, 'bucket{le="2.5"}': 3, sum: 2.75 },
    ],
  ])('counts %s', (_, seconds, expected) => {
    const histogram = new LatencyHistogram({ name: 'x', help: 'h' });
    for (const one of seconds) histogram.observe(one);
    expect(read(histogram)).toMatchObject(expected);
  });
});

describe('the times that publications were sent', () => {
  const START_MS = 1_700_000_000_000;
  const all = withTables(NO_TABLES, '*');

  function start() {
    const clock = { ms: START_MS };
    const unbounded = { maxTables: 1e4, maxStagedBytes: 1e12, maxMemoryBytes: 1e12 };
    const store = new TableStore({ history: { maxAgeMs: 60_000, maxBytes: 1e9 }, ...unbounded });
    const times = new SentTimes({ store, now: () => clock.ms });
    const data = readIpc(fromValues([{ n: 1 }], {}));
    const admit = (table: string, sent_at_ms: number, held = false): Publication =>
      store.admit(table, { sent_at_ms }, data, { byteLength: 1, receivedAtMs: clock.ms, held });
    const commit = (publications: Publication[], tables: string[] | 'all') => {
      const scope = tables === 'all' ? ({ type: 'all' } as const) : ({ type: 'stage', tables } as const);
      return times.fold({ publications, commit: { scope, timeMs: clock.ms } })!.version;
    };
    const hold = (publications: Publication[]) => times.fold({ publications, commit: null });
    return { clock, store, times, admit, commit, hold };
  }

  test('count with the commit that shows them, not with one of other tables', () => {
    const { clock, times, admit, commit, hold } = start();
    hold([admit('a', START_MS, true)]);
    clock.ms += 100;
    commit([admit('b', clock.ms - 10), admit('a', START_MS, true)], ['b']);
    expect(read(times.toCommit)).toMatchObject({ sum: 0.01, count: 1 });
    clock.ms += 900;
    commit([], 'all');
    expect(read(times.toCommit).count).toBe(3);
    expect(read(times.toCommit).sum).toBeCloseTo(0.01 + 2);
  });

  test('do not count for a table that is dropped', () => {
    const { times, admit, hold } = start();
    hold([admit('a', START_MS, true)]);
    times.fold({ publications: [], commit: { scope: { type: 'drop', table: 'a' }, timeMs: START_MS } });
    expect(read(times.toCommit).count).toBe(0);
  });

  test('of what was shown before a viewer came do not count as drawn by it', () => {
    const { clock, times, admit, commit } = start();
    const count = () => read(times.toRendered).count;
    const before = commit([admit('a', clock.ms)], ['a']);
    clock.ms += 3_600_000;
    const after = commit([admit('a', clock.ms)], ['a']);
    times.drawn(all, before, after);
    expect(count()).toBe(1);
    times.drawn(all, before, after);
    expect(count()).toBe(1);
    times.drawn(all, 0, after);
    expect(count()).toBe(2);
  });

  test('that nobody draws are forgotten: they stay few', () => {
    const { clock, times, admit, commit } = start();
    let version = 0;
    for (let i = 0; i < 10_000; i++) version = commit([admit('a', clock.ms)], ['a']);
    times.drawn(all, 0, version);
    expect(read(times.toRendered).count).toBeLessThanOrEqual(2048);
  });
});
