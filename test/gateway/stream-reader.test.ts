import { describe, expect, test } from 'vitest';
import type { StreamMessage } from '../../gateway/log/nats/log-stream.ts';
import type { NatsLink } from '../../gateway/log/nats/nats-link.ts';
import type { NatsStream } from '../../gateway/log/nats/nats-stream.ts';
import type { StreamLog } from '../../gateway/log/nats/stream-log.ts';
import { StreamReader } from '../../gateway/log/nats/stream-reader.ts';
import { waitFor } from '../support/wait-for.ts';

const FOLDED = 7;
const CREATED = '2026-01-01T00:00:00Z';

/** A reader that looks at its stream as it does after a break. */
async function lookAt(last: {
  readonly told: number;
  readonly certain: number;
  /** So often the end of the epoch cannot be stored. */
  readonly failures?: number;
  /** Breaks that end at about the same time. */
  readonly breaks?: number;
}) {
  const looked = { lostAt: [] as number[], cutBackTo: [] as number[], marks: 0 };
  const faults: unknown[] = [];
  const { failures = 0, breaks = 1 } = last;
  let back = () => {};
  const stream = {
    read: (_from: number, _take: unknown, signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
    find: async () => ({ created: CREATED, state: { last_seq: last.told + looked.marks } }),
    certainLast: async () => {
      looked.marks++;
      return last.certain;
    },
  } as unknown as NatsStream;
  const log = {
    epoch: 'e',
    foldedSequence: FOLDED,
    nextSequence: FOLDED + 1,
    lose: (sequence: number) => looked.lostAt.push(sequence),
  } as unknown as StreamLog;
  const link: Pick<NatsLink, 'away' | 'onReturn'> = {
    away: () => null,
    onReturn: (listener) => {
      back = listener;
    },
  };
  const reader = new StreamReader({
    ...{ log, stream, link: link as NatsLink, created: CREATED, retryMs: 1 },
    epochNow: async () => 'e',
    onFault: (error) => void faults.push(error),
    onCutBack: async (lastSequence) => {
      looked.cutBackTo.push(lastSequence);
      if (looked.cutBackTo.length <= failures) throw new Error('no answer');
    },
  });
  for (let i = 0; i < breaks; i++) back();
  await waitFor(() => reader.notReady === null || looked.lostAt.length > 0, { what: 'the look' });
  await reader.close();
  expect(faults).toHaveLength(failures);
  return looked;
}

describe('a stream that is looked at after a break', () => {
  test('is gone on with where it has all that was folded, and nothing is appended to it', async () => {
    expect(await lookAt({ told: FOLDED, certain: FOLDED })).toEqual({ lostAt: [], cutBackTo: [], marks: 0 });
  });

  test('is gone on with where its server only tells late how far it is', async () => {
    expect(await lookAt({ told: 5, certain: FOLDED })).toEqual({ lostAt: [], cutBackTo: [], marks: 1 });
  });

  test('has lost messages where what is appended comes to stand in the place of what was folded', async () => {
    expect(await lookAt({ told: 5, certain: 6 })).toEqual({ lostAt: [7], cutBackTo: [6], marks: 1 });
  });

  test('has lost them for good, whatever was appended to see it, where saying so fails at first', async () => {
    expect(await lookAt({ told: 6, certain: 6, failures: 2 })).toEqual({
      lostAt: [7],
      cutBackTo: [6, 6, 6],
      marks: 1,
    });
  });

  test('is asked for certain once where several breaks end together', async () => {
    expect(await lookAt({ told: 5, certain: 6, breaks: 3 })).toEqual({
      lostAt: [7],
      cutBackTo: [6],
      marks: 1,
    });
  });
});

/** Reads a stream from the message after {@link FOLDED} on, of which each consumer tells these; until one more is asked for. */
async function readFrom(firstSequence: number, consumers: readonly (readonly number[])[]) {
  const taken: number[] = [];
  const asked: number[] = [];
  const stream = {
    async read(
      from: number,
      take: (message: StreamMessage) => Promise<void> | undefined,
      signal: AbortSignal,
    ) {
      asked.push(from);
      const messages = consumers[Math.min(asked.length, consumers.length) - 1]!;
      for (const sequence of messages) await take({ sequence, part: null, pending: 0 });
      if (!signal.aborted)
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
    info: async () => ({ state: { first_seq: firstSequence } }),
  } as unknown as NatsStream;
  const log = {
    nextSequence: FOLDED + 1,
    take(message: StreamMessage) {
      taken.push(message.sequence);
      this.nextSequence = message.sequence + 1;
    },
  };
  const reader = new StreamReader({
    ...{ log: log as unknown as StreamLog, stream, created: CREATED, retryMs: 1 },
    link: { away: () => null, onReturn: () => {} } as unknown as NatsLink,
    epochNow: async () => 'e',
    onFault: (error) => expect.unreachable(String(error)),
    onCutBack: async () => {},
  });
  await waitFor(() => taken.includes(10), { what: 'the last message' });
  await reader.close();
  return { taken, asked };
}

describe('a message that its server leaves out', () => {
  test('is read from another one, and what came instead of it is taken in its turn', async () => {
    expect(await readFrom(1, [[8, 10, 11], [10], [9, 10]])).toEqual({ taken: [8, 9, 10], asked: [8, 9, 9] });
  });

  test('is lost where the stream was trimmed, and where no server has it', async () => {
    expect(await readFrom(10, [[8, 10]])).toEqual({ taken: [8, 10], asked: [8] });
    const { taken, asked } = await readFrom(1, [[8, 10], [10]]);
    expect(taken).toEqual([8, 10]);
    expect(asked.length).toBeGreaterThan(1);
  });
});
