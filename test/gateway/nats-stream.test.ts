import type { Consumer, JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { describe, expect, test } from 'vitest';
import { NatsStream } from '../../gateway/log/nats/nats-stream.ts';
import { waitFor } from '../support/wait-for.ts';

describe('reading a stream whose servers answer nobody', () => {
  const begin = () => {
    const answers: ((consumer: Consumer) => void)[] = [];
    const client = {
      consumers: { get: () => new Promise<Consumer>((resolve) => answers.push(resolve)) },
    } as unknown as JetStreamClient;
    const stream = new NatsStream({
      client,
      manager: {} as JetStreamManager,
      name: 'log',
      replicas: 1,
      maxPayloadBytes: 1 << 20,
    });
    const ending = new AbortController();
    const taken: unknown[] = [];
    const read = stream.read(1, (message) => void taken.push(message), ending.signal);
    return { answers, ending, taken, read };
  };

  test('ends when it is told to, and removes consumers that come later', async () => {
    const { answers, ending, taken, read } = begin();
    await waitFor(() => answers.length === 2, { what: 'a second consumer to be asked for' });
    ending.abort();
    await read;
    let removed = 0;
    for (const answer of answers)
      answer({ delete: async () => ++removed > 0, consume: () => expect.unreachable() } as never);
    await waitFor(() => removed === 2, { what: 'both consumers to be removed' });
    expect([answers.length, taken]).toEqual([2, []]);
  });
});
