import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { BusMessage } from '../../gateway/intake.ts';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { type NatsServer, natsServerPath, natsTitle, startNatsServer } from '../support/nats-server.ts';
import { waitFor } from '../support/wait-for.ts';
import { SharedGateways, sameState } from './shared-gateways.ts';

describe.skipIf(natsServerPath === null)(`logs of several gateways on one stream${natsTitle}`, () => {
  let server: NatsServer;
  const shared = new SharedGateways(() => server.url);
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterEach(() => shared.closeAll());
  afterAll(() => server.close());

  test('everything is folded everywhere, once and in one order', async () => {
    const { name, gateways } = await shared.pair();
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, i) => {
        const commit = i % 3 === 0 ? ({ commit: 'hold' } as const) : {};
        return gateways[i % 2]!.publish('t', [{ n: i }], { op: 'append', ...commit });
      }),
    );
    expect(outcomes.every((outcome) => 'commit' in outcome)).toBe(true);
    await sameState(gateways);
    const versions = outcomes.flatMap((outcome) =>
      'commit' in outcome ? (outcome.commit?.version ?? []) : [],
    );
    expect(versions).toHaveLength(40);
    expect(new Set(versions).size).toBe(40);
    for (const { told } of gateways) expect(told).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(await gateways[0].commit({ type: 'all' })).toHaveProperty('commit.version', 41);
    expect(gateways[0].store.table('t').live.rowCount).toBe(60);
    await sameState([...gateways, await shared.open(name)]);
  });

  test('of publications that do not fit together the later one is refused, and touches nothing anywhere', async () => {
    const { gateways } = await shared.pair();
    const [a, b] = gateways;
    const outcomes = await Promise.all([
      a.publish('t', [{ n: 1 }], { op: 'append' }),
      b.publish('t', [{ n: 'a text' }], { op: 'append' }),
    ]);
    const codes = outcomes.map((outcome) => ('error' in outcome ? outcome.error.code : 'taken'));
    expect(codes.toSorted()).toEqual(['taken', 'type_mismatch']);
    await sameState(gateways);
    expect(a.state()).toMatchObject({ version: 1, tables: [['t', expect.anything(), 0]] });
    expect(await b.publish('fresh', [{ n: 1 }])).toMatchObject({ commit: { version: 2 } });
  });

  test('a table tells what was rejected while its first publication was on its way', async () => {
    const { gateways } = await shared.pair();
    const [a] = gateways;
    a.intake.takeMessages([
      { source: 'pull', frames: [Buffer.from('t'), fromValues([{ n: 1 }])] },
      { source: 'pull', frames: [Buffer.from('t'), Buffer.from('no Arrow')] },
    ]);
    await a.publish('other', [{ n: 1 }]);
    expect(a.store.table('t').lastError).toMatchObject({ code: 'not_arrow' });
  });

  test('a key that one gateway was told of holds at the other, where the header names none', async () => {
    const { gateways } = await shared.pair();
    const [a, b] = gateways;
    await a.publish('t', [{ k: 1, n: 1 }], { key: ['k'] });
    expect(await b.publish('t', [{ k: 2, n: 2 }])).toMatchObject({ commit: { version: 2 } });
    await sameState(gateways);
    expect(a.store.table('t').live.rowCount).toBe(2);
    expect(await b.publish('t', [{ k: 1, n: 9 }], { key: ['n'] })).toMatchObject({
      error: { code: 'key_mismatch' },
    });
  });

  test('an entry that is larger than a message is folded whole', async () => {
    const { gateways } = await shared.pair();
    const rows = Array.from({ length: 300_000 }, (_, n) => ({ n, m: n / 3 }));
    expect(await gateways[0].publish('large', rows)).toMatchObject({ commit: { version: 1, rows: 300_000 } });
    await sameState(gateways);
  });

  test('while the servers are away nothing is acknowledged, and reading goes on; then all goes on by itself', async () => {
    const { gateways } = await shared.pair({ giveUpMs: 2000 });
    const [a, b] = gateways;
    await a.publish('t', [{ n: 1 }], { op: 'append' });
    await sameState(gateways);
    await server.stop('SIGKILL');
    expect(await a.publish('t', [{ n: 2 }], { op: 'append' })).toMatchObject({
      error: { code: 'log_unavailable' },
    });
    // It is not tried for as long again.
    expect(await a.publish('t', [{ n: 3 }], { op: 'append' })).toMatchObject({
      error: { code: 'log_unavailable' },
    });
    expect(a.log.shared?.notReady?.code).toBe('log_unavailable');
    expect(a.store.table('t').live.rowCount).toBe(1);
    expect(b.log.shared?.away()).not.toBeNull();
    await server.start();
    await Promise.all(gateways.map(({ log }) => log.shared?.away()));
    await waitFor(() => gateways.every(({ log }) => log.shared?.notReady === null), { what: 'both ready' });
    expect(await b.publish('t', [{ n: 4 }], { op: 'append' })).toHaveProperty('commit.version');
    expect(await a.publish('t', [{ n: 5 }], { op: 'append' })).toHaveProperty('commit.version');
    await sameState(gateways);
    const { live } = a.store.table('t');
    const numbers = [...live.numbers(0, 0, live.rowCount)];
    // What was sent before the break may have been taken, once.
    expect(numbers.filter((n) => n !== 2)).toEqual([1, 4, 5]);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('what came by the bus while the servers were away is kept until they are back, and then there once', async () => {
    const { gateways } = await shared.pair({ giveUpMs: 300 });
    const [a, b] = gateways;
    const message = (n: number): BusMessage => ({
      frames: [Buffer.from('bus'), Buffer.from('{"op":"append"}'), fromValues([{ n }])],
      source: 'pull',
    });
    await server.stop('SIGKILL');
    for (const n of [1, 2, 3]) a.intake.takeMessages([message(n)]);
    // Both stood in one group, and only whoever waits for an answer is told that there will be none.
    expect(await a.publish('http', [{ n: 1 }])).toMatchObject({ error: { code: 'log_unavailable' } });
    a.intake.takeMessages([message(4)]);
    expect(a.rejections.count).toBe(0);
    await server.start();
    await waitFor(() => b.store.tables.get('bus')?.live.rowCount === 4, { what: 'the rows' });
    await sameState(gateways);
    const { live } = a.store.table('bus');
    expect([...live.numbers(0, 0, 4)]).toEqual([1, 2, 3, 4]);
    expect(a.told).toEqual(b.told);
  });

  test('one gateway leads, and another does where it ends', async () => {
    const { gateways } = await shared.pair();
    const leading = () => gateways.filter(({ log }) => log.shared?.leads);
    await waitFor(() => leading().length === 1, { what: 'a leader' });
    const [first] = leading();
    await first!.log.close();
    await waitFor(() => leading().some((each) => each !== first), { what: 'another leader' });
    expect(leading()).toHaveLength(1);
  });
});
