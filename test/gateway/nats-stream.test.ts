import {
  type Consumer,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterEach, describe, expect, test } from 'vitest';
import type { StreamMessage } from '../../gateway/log/nats/log-stream.ts';
import { NatsStream } from '../../gateway/log/nats/nats-stream.ts';
import { type NatsServer, natsServerPath, natsTitle, startNatsServer } from '../support/nats-server.ts';
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

describe.skipIf(natsServerPath === null)(`groups in a stream${natsTitle}`, () => {
  let server: NatsServer | null = null;
  afterEach(async () => {
    await server?.close();
  });

  test('stand in it in the order of sending, though none waits for the one before, and as they were', async () => {
    server = await startNatsServer();
    const connection = await connect({ servers: server.url });
    const stream = new NatsStream({
      client: jetstream(connection),
      manager: await jetstreamManager(connection),
      name: 'log',
      replicas: 1,
      maxPayloadBytes: 2000,
    });
    await stream.ensure();
    const sent = Array.from({ length: 20 }, (_, i) => ({
      head: { sender: 'a', group: i + 1, after: i },
      bytes: new Uint8Array(i % 5 === 0 ? 4000 : 10 * i).fill(i + 1),
    }));
    await Promise.all(sent.map(({ head, bytes }) => stream.append(head, bytes)));
    const ending = new AbortController();
    const messages: StreamMessage[] = [];
    await stream.read(
      1,
      (message) => {
        messages.push(message);
        if (message.pending === 0) ending.abort();
      },
      ending.signal,
    );
    const read = sent.map(({ head: { group } }) => {
      const parts = messages.flatMap(({ part }) => (part?.group === group ? [part] : []));
      const bytes = Buffer.concat(parts.map((part) => part.bytes));
      return [...new Set(parts.map(({ after }) => after)), bytes.length, new Set(bytes)];
    });
    expect(read).toEqual(sent.map(({ head, bytes }) => [head.after, bytes.length, new Set(bytes)]));
    const order = messages.map(({ part }) => part!.group);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    await connection.close();
  });
});
