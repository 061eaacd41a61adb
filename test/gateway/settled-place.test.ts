import type { StreamState } from '@nats-io/jetstream';
import { describe, expect, test } from 'vitest';
import { settledPlace } from '../../gateway/log/nats/settled-place.ts';
import { SnapshotStore, type SnapshotStoreOptions } from '../../gateway/log/nats/snapshot-store.ts';

interface Sight {
  readonly first?: number;
  readonly told: number;
  /** Messages that snapshots are of. */
  readonly saved: readonly number[];
  readonly certain?: number | Error;
}

/** Opens a place that looks otherwise at each attempt. */
function settle(...sights: readonly Sight[]) {
  const asked: number[] = [];
  let attempts = 0;
  const open = async () => {
    const { first = 1, told, saved, certain = told } = sights[attempts++] ?? sights.at(-1)!;
    const cursorOf = (sequence: number) =>
      JSON.stringify({ foldedSequence: sequence, readFrom: sequence + 1, senders: [] });
    const list = async () =>
      saved.map((sequence) => ({
        name: `${sequence}`,
        size: 1,
        deleted: false,
        metadata: { cursor: cursorOf(sequence) },
      }));
    const options = { objects: { list }, manager: {}, name: 'log' } as unknown as SnapshotStoreOptions;
    return {
      state: { first_seq: first, last_seq: told } as StreamState,
      snapshots: new SnapshotStore(options),
      stream: {
        certainLast: async () => {
          asked.push(attempts);
          if (certain instanceof Error) throw certain;
          return certain;
        },
      },
    };
  };
  const settled = settledPlace({ open, retryMs: 1 }).then(({ place, snapshot, isCutBack }) => ({
    last: place.state.last_seq,
    snapshot: snapshot?.foldedSequence ?? null,
    isCutBack,
  }));
  return { settled, asked, attempts: () => attempts };
}

describe('the place of a shared log that is opened', () => {
  const cases: Record<string, { sights: Sight[]; expected: object; asked: number[] }> = {
    'is taken as it is told where no snapshot lies beyond': {
      sights: [{ told: 8, saved: [5, 8] }],
      expected: { last: 8, snapshot: 8, isCutBack: false },
      asked: [],
    },
    'is whole where a snapshot was saved after the stream had told its last message': {
      sights: [{ told: 8, saved: [5, 10], certain: 12 }],
      expected: { last: 12, snapshot: 10, isCutBack: false },
      asked: [1],
    },
    'is whole where snapshots are saved between the attempts too': {
      sights: [
        { told: 8, saved: [5, 10], certain: new Error('no answer') },
        { told: 12, saved: [10, 15], certain: 17 },
        { told: 17, saved: [15, 20], certain: 22 },
      ],
      expected: { last: 17, snapshot: 15, isCutBack: false },
      asked: [1, 2],
    },
    'is cut back where a snapshot lies beyond the certain end of the stream': {
      sights: [
        { told: 8, saved: [5, 10], certain: 9 },
        { told: 10, saved: [5, 10] },
      ],
      expected: { last: 9, snapshot: 5, isCutBack: true },
      asked: [1],
    },
  };
  test.each(Object.entries(cases))('%s', async (_, { sights, expected, asked }) => {
    const place = settle(...sights);
    expect(await place.settled).toEqual(expected);
    expect(place.asked).toEqual(asked);
  });

  test('is not looked at again where its damage is certain: what was appended to ask would hide it', async () => {
    const place = settle({ first: 7, told: 9, saved: [10], certain: 9 }, { first: 7, told: 10, saved: [10] });
    await expect(place.settled).rejects.toMatchObject({ code: 'log_damaged' });
    expect(place.attempts()).toBe(1);
  });

  test('is looked at again where it seems damaged by what a server tells', async () => {
    const place = settle({ first: 7, told: 9, saved: [] }, { first: 7, told: 9, saved: [8] });
    expect(await place.settled).toEqual({ last: 9, snapshot: 8, isCutBack: false });
  });
});
