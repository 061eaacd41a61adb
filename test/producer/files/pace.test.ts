import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { paced } from '../../../producer/files/pace.ts';
import type { RowGroup } from '../../../producer/files/row-group.ts';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import { arrowOf, type PlainRow } from '../../support/arrow-messages.ts';
import { codeOf } from '../../support/code-of.ts';
import { type PublishStage, publishStage } from './publish-run.ts';

let stage: PublishStage;
beforeEach(async () => {
  stage = await publishStage();
});
afterEach(() => stage.close());

async function* groupsOf(...groups: readonly PlainRow[][]): AsyncGenerator<RowGroup> {
  for (const rows of groups) yield readIpc(arrowOf(rows));
}

/** When groups of how many rows are given, each in a time that stands still while nobody waits. */
async function schedule(
  groups: AsyncIterable<RowGroup>,
  pace: Parameters<typeof paced>[1]['pace'],
): Promise<number[]> {
  const counts: number[] = [];
  const given = paced(groups, {
    pace,
    signal: new AbortController().signal,
    // Everything is late, so nothing waits.
    nowMs: (() => {
      let asked = 0;
      return () => (asked++ === 0 ? 0 : 1e12);
    })(),
  });
  for await (const { rowCount } of given) counts.push(rowCount);
  return counts;
}

const at = (...times: (number | string | null)[]): PlainRow[] => times.map((time) => ({ time }));

describe('the pace', () => {
  test('of a rate gives the rows of a twentieth of a second together', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({ i }));
    expect(await schedule(groupsOf(rows), { type: 'rate', rowsPerSecond: 1000 })).toEqual([50, 50]);
    expect(await schedule(groupsOf(rows.slice(0, 3)), { type: 'rate', rowsPerSecond: 2 })).toEqual([1, 1, 1]);
  });

  test.each<[string, PlainRow[]]>([
    ['seconds', at(10, 10.01, 11, 11.02)],
    ['Unix seconds', at(1.7e9, 1.7e9 + 0.01, 1.7e9 + 1, 1.7e9 + 1.02)],
    ['Unix milliseconds', at(1.7e12, 1.7e12 + 10, 1.7e12 + 1000, 1.7e12 + 1020)],
    ['Unix nanoseconds', at(1.7e18, 1.7e18 + 1e7, 1.7e18 + 1e9, 1.7e18 + 1.02e9)],
    [
      'texts',
      at(
        '2026-11-21T09:00:00Z',
        '2026-11-21T09:00:00.010Z',
        '2026-11-21 09:00:01Z',
        '2026-11-21T10:00:01.02+01:00',
      ),
    ],
  ])('of times in %s gives what was together together', async (_, rows) => {
    expect(await schedule(groupsOf(rows), { type: 'replay', column: 'time', speed: 1 })).toEqual([2, 2]);
    expect(await schedule(groupsOf(rows), { type: 'replay', column: 'time', speed: 100 })).toEqual([4]);
  });

  test('goes on over groups, and gives rows without a time, or with an earlier one, with the row before', async () => {
    const groups = groupsOf(at(5, null, 1), at(5.01, 7), at(6));
    expect(await schedule(groups, { type: 'replay', column: 'time', speed: 1 })).toEqual([3, 1, 1, 1]);
  });

  test.each([
    ['no such column', at(1), 'when'],
    ['texts that are no times', at('noon'), 'time'],
  ])('refuses %s', async (_, rows, column) => {
    const failure = await schedule(groupsOf(rows), { type: 'replay', column, speed: 1 }).catch(
      (error) => error,
    );
    expect(
      codeOf(() => {
        throw failure;
      }),
    ).not.toBeNull();
    expect(String(failure)).toMatch(/--replay/);
  });

  test('is kept by the command, which shows rows as they come', async () => {
    writeFileSync(stage.path('a.csv'), `a\n${'1\n'.repeat(30)}`);
    const beganMs = performance.now();
    const run = stage.run([stage.path('a.csv'), '--table', 't', '--rate', '100']);
    expect(await run.ended).toBe(0);
    const { received } = stage.gateway;
    expect(received.length).toBeGreaterThan(3);
    expect(received.map(({ op, commit }) => `${op} ${commit}`)).toEqual([
      'replace auto',
      ...received.slice(1).map(() => 'append auto'),
    ]);
    // 30 rows at 100 a second; the first ones may be late on a busy machine.
    expect(received.at(-1)!.atMs - beganMs).toBeGreaterThan(250);
  });
});
