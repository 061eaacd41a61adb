import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createProducer, type Producer, type ProducerOptions } from '../../producer/producer.ts';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { freeAddress } from '../support/free-port.ts';
import { type BusPeer, isHeartbeat, isPublication, puller, subscriber } from './bus-peer.ts';

const ANY_PORT = 'tcp://127.0.0.1:*';
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function closing<T extends { close(): unknown }>(one: T): T {
  open.push(one);
  return one;
}

function bound(options: ProducerOptions = {}): { producer: Producer; peer: BusPeer } {
  const producer = closing(createProducer({ bind: ANY_PORT, waitForSubscriberMs: 60_000, ...options }));
  return { producer, peer: closing(subscriber(producer.endpoints[0]!)) };
}

async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (thrown) {
    return thrown instanceof TablecastError ? thrown.code : `no code: ${thrown}`;
  }
  return 'nothing thrown';
}

describe('publishing', () => {
  test('a publication is topic, header and Arrow, and the header says run, seq and time', async () => {
    const { producer, peer } = bound({ now: () => 1234.5, run: 'r1' });
    await producer.publish('prices', [{ symbol: 'A', price: 1 }], { op: 'upsert', key: 'symbol' });
    const { arrow: _, ...message } = await peer.next();
    expect(message).toEqual({
      topic: 'prices',
      header: { op: 'upsert', key: ['symbol'], run: 'r1', seq: 1, sent_at_ms: 1234.5 },
      rows: [{ symbol: 'A', price: 1 }],
    });
  });

  test('the first publication is not lost to a subscriber that is still joining', async () => {
    for (let round = 0; round < 5; round++) {
      const { producer, peer } = bound();
      await producer.publish('t', { x: [round] });
      expect(await peer.next()).toMatchObject({ header: { seq: 1 }, rows: [{ x: round }] });
    }
  });

  test('without any subscriber a publication still resolves', async () => {
    const producer = closing(createProducer({ bind: ANY_PORT, waitForSubscriberMs: 0 }));
    await producer.publish('t', [{ x: 1 }]);
  });

  test('each table counts its own publications, and calls that overlap keep their order', async () => {
    const { producer, peer } = bound();
    await Promise.all(['a', 'b', 'a', 'a', 'b'].map((table, x) => producer.publish(table, [{ x }])));
    const seen = [];
    for (let i = 0; i < 5; i++) seen.push(await peer.next());
    expect(seen.map(({ topic, header, rows }) => [topic, header.seq, rows[0]?.x])).toEqual([
      ['a', 1, 0],
      ['b', 1, 1],
      ['a', 2, 2],
      ['a', 3, 3],
      ['b', 2, 4],
    ]);
  });

  test('it reaches a gateway that binds, by SUB and by PULL', async () => {
    const sub = closing(subscriber(ANY_PORT, 'bind'));
    const pull = closing(puller());
    const producer = closing(
      createProducer({ connect: sub.endpoint, push: [pull.endpoint], waitForSubscriberMs: 60_000 }),
    );
    await producer.publish('t', [{ x: 1 }]);
    for (const peer of [sub, pull]) expect(await peer.next()).toMatchObject({ topic: 't', rows: [{ x: 1 }] });
  });

  test('PUSH loses nothing where the gateway comes after the publications', async () => {
    // Of a port that outgoing connections take too, one to itself may be the only one that ever comes about.
    const address = await freeAddress();
    const producer = closing(createProducer({ push: address }));
    for (let x = 0; x < 100; x++) await producer.publish('t', [{ x }]);
    const peer = closing(puller(address));
    for (let x = 0; x < 100; x++) expect((await peer.next()).rows).toEqual([{ x }]);
  });

  test('what was published just before close() still arrives', async () => {
    const pull = closing(puller());
    const producer = closing(createProducer({ push: pull.endpoint }));
    await producer.publish('t', [{ x: 1 }]);
    await producer.close();
    expect(await pull.next()).toMatchObject({ rows: [{ x: 1 }] });
  });

  test('Arrow bytes are sent as they are', async () => {
    const { producer, peer } = bound();
    await producer.publish('t', fromValues([{ x: 7 }]));
    expect((await peer.next()).rows).toEqual([{ x: 7 }]);
  });

  test('heartbeats carry the last seq of every table', async () => {
    const { producer, peer } = bound({ heartbeatIntervalMs: 20, run: 'r2' });
    await producer.publish('a', [{ x: 1 }]);
    await producer.publish('a', [{ x: 1 }]);
    await producer.publish('b', [{ x: 1 }]);
    const complete = await peer.next(
      (message) => isHeartbeat(message) && message.header.tables?.b !== undefined,
    );
    expect(complete.header).toEqual({ run: 'r2', tables: { a: 2, b: 1 } });
  });

  test('heartbeats go by PUSH too', async () => {
    const pull = closing(puller());
    const producer = closing(createProducer({ push: pull.endpoint, heartbeatIntervalMs: 20 }));
    await producer.publish('a', [{ x: 1 }]);
    expect((await pull.next(isHeartbeat)).header.tables).toEqual({ a: 1 });
  });
});

describe('late joiners', () => {
  function resync(producer: Producer, topic: string): BusPeer {
    return closing(subscriber(producer.endpoints[0]!, 'connect', ['', topic]));
  }

  test('a replaced table is sent again whole, as of its seq, with its lasting header fields', async () => {
    const { producer, peer } = bound({ run: 'r' });
    await producer.publish('t', [{ x: 1 }], { key: 'x', op: 'replace', retention: { max_rows: 5 } });
    await producer.publish('t', [{ x: 2 }], { op: 'replace' });
    await peer.next();
    const late = resync(producer, '$resync.t');
    expect(await late.next()).toMatchObject({
      topic: 't',
      header: { op: 'replace', snapshot: true, run: 'r', seq: 2, key: ['x'], retention: { max_rows: 5 } },
      rows: [{ x: 2 }],
    });
  });

  test('a bare dataframe counts as the whole table', async () => {
    const { producer } = bound();
    await producer.publish('t', [{ x: 1 }]);
    const late = resync(producer, '$resync.t');
    expect(await late.next()).toMatchObject({
      header: { op: 'replace', snapshot: true, seq: 1 },
      rows: [{ x: 1 }],
    });
  });

  test('$resync. asks for all tables; those whose state is unknown are left out', async () => {
    const { producer } = bound({ snapshotOf: (table) => (table === 'b' ? [{ y: 'whole' }] : undefined) });
    await producer.publish('a', [{ x: 1 }], { op: 'append' });
    await producer.publish('b', [{ y: 'part' }], { op: 'append' });
    await producer.publish('c', [{ z: 1 }], { op: 'replace' });
    const late = resync(producer, '$resync.');
    expect(await late.next()).toMatchObject({
      topic: 'b',
      header: { snapshot: true },
      rows: [{ y: 'whole' }],
    });
    expect(await late.next()).toMatchObject({ topic: 'c', header: { snapshot: true }, rows: [{ z: 1 }] });
  });

  test('an append after a replace makes the last replace no whole state', async () => {
    const { producer } = bound();
    await producer.publish('t', [{ x: 1 }], { op: 'replace' });
    await producer.publish('t', [{ x: 2 }], { op: 'append' });
    await producer.publish('last', [{ x: 3 }], { op: 'replace' });
    const late = resync(producer, '$resync.');
    expect(await late.next()).toMatchObject({ topic: 'last' });
  });

  test('many requests in a short time are not answered one by one, and the last one is answered too', async () => {
    const { producer, peer } = bound();
    await producer.publish('t', [{ x: 1 }]);
    await peer.next();
    const beganMs = performance.now();
    const joiners = Array.from({ length: 20 }, () => resync(producer, '$resync.t'));
    for (const late of joiners) expect((await late.next()).header.snapshot).toBe(true);
    await producer.publish('end', [{ x: 1 }]);
    let answers = 0;
    // One at once, and one each 200 ms as long as somebody asks; timers have whole milliseconds.
    const most = 1 + Math.ceil((performance.now() - beganMs) / 195);
    while ((await peer.next()).topic === 't') answers++;
    expect(answers).toBeLessThanOrEqual(most);
  });

  test('a snapshot that cannot be made is reported and ends nothing', async () => {
    const errors: unknown[] = [];
    const { producer } = bound({
      snapshotOf: () => ({ x: [1, 'a'] }),
      onError: (error) => errors.push(error),
    });
    await producer.publish('t', [{ x: 1 }], { op: 'append' });
    const late = resync(producer, '$resync.t');
    await expect.poll(() => errors.length).toBe(1);
    await producer.publish('t', [{ x: 2 }], { op: 'append' });
    expect(await late.next(isPublication)).toMatchObject({ rows: [{ x: 2 }] });
  });
});

describe('failures have a code of the registry', () => {
  test.each([
    ['$control', 'bad_name'],
    ['', 'bad_name'],
    ['a b', 'bad_name'],
    ['prices.json', 'bad_name'],
  ])('the name %j is refused', async (name, code) => {
    const { producer } = bound({ waitForSubscriberMs: 0 });
    expect(await codeOf(() => producer.publish(name, []))).toBe(code);
  });

  test('a refused publication uses up no seq', async () => {
    const { producer, peer } = bound();
    expect(await codeOf(() => producer.publish('t', { x: [1, 'a'] }))).toBe('type_mismatch');
    expect(await codeOf(() => producer.publish('t', [], { retention: { max_rows: -1 } }))).toBe('bad_header');
    await producer.publish('t', [{ x: 1 }]);
    expect((await peer.next()).header.seq).toBe(1);
  });

  test('an address in use is refused with what to change', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(() => createProducer({ bind: `tcp://127.0.0.1:${port}` })).toThrow(/in use.*another port/);
    server.close();
  });

  test.each([{ bind: 'nonsense' }, { connect: 'foo://x:1' }, { push: 'tcp://' }, {}])(
    'the addresses %j are refused',
    async (options) => {
      expect(await codeOf(() => createProducer(options))).toBe('bad_parameter');
    },
  );

  test('what waits beyond the bound is refused', async () => {
    const push = await freeAddress();
    const producer = closing(createProducer({ push, maxQueuedMessages: 2, lingerMs: 0 }));
    const codes = await Promise.all([0, 1, 2].map((x) => codeOf(() => producer.publish('t', [{ x }]))));
    expect(codes).toEqual(['nothing thrown', 'nothing thrown', 'slow_consumer']);
  });

  test('closing refuses what waits, may be repeated, and nothing is published after it', async () => {
    const producer = createProducer({ bind: ANY_PORT, waitForSubscriberMs: 60_000 });
    const waiting = codeOf(() => producer.publish('t', [{ x: 1 }]));
    await Promise.all([producer.close(), producer.close()]);
    await producer.close();
    expect(await waiting).toBe('shutting_down');
    expect(await codeOf(() => producer.publish('t', [{ x: 1 }]))).toBe('shutting_down');
  });
});
