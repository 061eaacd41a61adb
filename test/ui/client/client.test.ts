import { describe, expect, test } from 'vitest';
import type { Subscription } from '../../../ui/client/subscription.ts';
import { codeOf } from '../../support/code-of.ts';
import { connectToFake, type FakeChange, type FakeLine } from './fake-gateway.ts';

const snapshot = (table: string, v: number): FakeChange => ({
  table,
  op: 'replace',
  snapshot: true,
  content: [{ k: 1, v }],
});
const append = (table: string, v: number): FakeChange => ({ table, op: 'append', content: [{ k: 1, v }] });
const asked = (line: FakeLine) => line.said;
const values = (subscription: Subscription, table: string) =>
  subscription
    .table(table)
    ?.rows()
    .toArray()
    .map(({ v }) => v);

describe('a client', () => {
  test('follows several tables on one line, and asks for each but once', () => {
    const { client, line, lines } = connectToFake();
    client.subscribe('a');
    line().hello('e', 5);
    client.subscribe('a', 'b');
    client.subscribe('b');
    expect(lines).toHaveLength(1);
    expect(asked(line())).toEqual([
      { type: 'subscribe', tables: ['a'], renders: false },
      { type: 'subscribe', tables: ['b'] },
    ]);
  });

  test('resumes the tables that it has, and asks anew for those that had not come', () => {
    const { client, line, clock } = connectToFake();
    const subscription = client.subscribe('a', 'b');
    line().hello('e', 5);
    line().commit('e', 5, [snapshot('a', 1)]);
    line().drop();
    expect(client.state).toBe('reconnecting');
    clock.advance(100);
    line().hello('e', 9);
    expect(asked(line())).toEqual([
      { type: 'subscribe', tables: ['a'], since: { epoch: 'e', version: 5 }, renders: false },
      { type: 'subscribe', tables: ['b'] },
    ]);
    line().commit('e', 9, [append('a', 2), snapshot('b', 3)]);
    expect([values(subscription, 'a'), values(subscription, 'b')]).toEqual([[1, 2], [3]]);
    expect(client.position).toEqual({ epoch: 'e', version: 9 });
  });

  test('goes on at the next gateway where it knows several, and asks that one over HTTP too', async () => {
    const urls = ['http://one/', 'http://two/base/', 'http://three/'];
    const answer = () => ({ status: 200, body: { epoch: 'e', version: 6, tables: [], rows: 0, viewers: 1 } });
    const { client, clock, line, connected, requests } = connectToFake({ urls, answer });
    line().hello('e', 5);
    line().drop();
    clock.advance(100);
    line().drop();
    clock.advance(1000);
    line().hello('e', 6);
    expect(connected).toEqual(['ws://one/live', 'ws://two/base/live', 'ws://three/live']);
    expect(client.url).toBe('http://three/');
    requests.length = 0;
    await client.updateData();
    expect(requests.map(({ url }) => url)).toEqual(['http://three/update_data?']);
    line().drop();
    clock.advance(1000);
    expect(connected.at(-1)).toBe('ws://one/live');
    expect(() => connectToFake({ urls: [] })).toThrow('names no gateway');
  });

  test('begins anew in another epoch, and keeps its tables readable until they come', () => {
    const { client, line, clock } = connectToFake();
    const subscription = client.subscribe('a');
    line().hello('e', 5);
    line().commit('e', 5, [snapshot('a', 1)]);
    line().drop();
    expect(values(subscription, 'a')).toEqual([1]);
    clock.advance(100);
    line().hello('f', 1);
    expect(asked(line())).toEqual([{ type: 'subscribe', tables: ['a'], renders: false }]);
    line().commit('f', 1, [snapshot('a', 7)]);
    expect(values(subscription, 'a')).toEqual([7]);
  });

  test('a table that is kept moves on with each commit, also one that begins it anew, until it is gone', () => {
    const { client, line } = connectToFake();
    const kept = client.subscribe('a');
    line().hello('e', 5);
    line().commit('e', 5, [snapshot('a', 1)]);
    const table = kept.table('a')!;
    const seen = () =>
      table
        .rows()
        .toArray()
        .map(({ v }) => v);
    expect(seen()).toEqual([1]);
    line().commit('e', 6, [snapshot('a', 2)]);
    expect(seen()).toEqual([2]);
    line().commit('e', 7, [snapshot('a', 3)]);
    line().commit('e', 8, [append('a', 4)]);
    expect([seen(), table.rowCount, table.value(1, 'v')]).toEqual([[3, 4], 2, 4]);
    line().commit('e', 9, [{ table: 'a', op: 'drop' }]);
    expect([codeOf(seen), codeOf(() => table.rowCount)]).toEqual(['no_such_table', 'no_such_table']);
    line().commit('e', 10, [snapshot('a', 5)]);
    expect(seen()).toEqual([5]);
    kept.close();
    expect(seen()).toEqual([5]);
  });

  test('asks for all tables from nothing until it is sure to have them, and resumes from then on', () => {
    const { client, line, clock } = connectToFake();
    client.subscribe('*');
    line().hello('e', 5);
    // The answer does not come.
    line().drop();
    clock.advance(100);
    line().hello('e', 6);
    expect(asked(line())).toEqual([{ type: 'subscribe', tables: '*', renders: false }]);
    line().commit('e', 6, [snapshot('a', 1)]);
    line().drop();
    clock.advance(200);
    line().hello('e', 6);
    expect(asked(line())).toEqual([
      { type: 'subscribe', tables: '*', since: { epoch: 'e', version: 6 }, renders: false },
    ]);
  });

  test('takes up another line when all tables are wanted beside some, or no more', () => {
    const { client, line, lines, clock } = connectToFake();
    client.subscribe('a');
    line().hello('e', 5);
    line().commit('e', 5, [snapshot('a', 1)]);
    const all = client.subscribe('*');
    clock.advance(100);
    line().hello('e', 5);
    expect(asked(line())).toEqual([{ type: 'subscribe', tables: '*', renders: false }]);
    line().commit('e', 5, [snapshot('a', 1), snapshot('b', 1)]);
    all.close();
    clock.advance(1000);
    line().hello('e', 5);
    expect(asked(line())).toEqual([
      { type: 'subscribe', tables: ['a'], since: { epoch: 'e', version: 5 }, renders: false },
    ]);
    expect(lines).toHaveLength(3);
  });

  test('forgets a table that nobody wants any more, whatever of it is still under way', () => {
    const { client, line, errors } = connectToFake();
    const subscription = client.subscribe('a');
    const other = client.subscribe('b');
    line().hello('e', 5);
    line().commit('e', 5, [snapshot('a', 1), snapshot('b', 1)]);
    subscription.close();
    expect(line().said.at(-1)).toEqual({ type: 'unsubscribe', tables: ['a'] });
    line().commit('e', 6, [append('a', 2), append('b', 2)]);
    const again = client.subscribe('a');
    line().commit('e', 7, [append('a', 3)]);
    expect(again.table('a')).toBeUndefined();
    line().commit('e', 7, [snapshot('a', 4)]);
    expect([values(again, 'a'), values(other, 'b')]).toEqual([[4], [1, 2]]);
    expect(errors).toEqual([]);
  });

  test('what cannot be applied is asked for anew, and told to nobody', async () => {
    const { client, line, clock, errors } = connectToFake();
    const updates = client.subscribe('a')[Symbol.asyncIterator]();
    line().hello('e', 5);
    line().commit('e', 5, [snapshot('a', 1)]);
    await updates.next();
    line().commit('e', 6, [{ ...append('a', 2), rows: 3 }]);
    expect(errors).toHaveLength(1);
    const next = updates.next();
    clock.advance(100);
    line().hello('e', 6);
    expect(asked(line())).toEqual([{ type: 'subscribe', tables: ['a'], renders: false }]);
    line().commit('e', 6, [snapshot('a', 6)]);
    const { value } = await next;
    expect([value?.version, value?.table('a')?.value(0, 'v')]).toEqual([6, 6]);
  });

  test.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
  ])('ends by the error where the gateway refuses it with %i', async (status, code) => {
    const { client, line, lines, clock, requests } = connectToFake({
      token: 'secret',
      answer: () => ({ status, body: { code, detail: 'No.' } }),
    });
    const states: string[] = [];
    client.onState((state) => states.push(state));
    const updates = client.subscribe('a')[Symbol.asyncIterator]();
    const next = updates.next();
    line().drop();
    await expect(next).rejects.toMatchObject({ code });
    expect(requests).toEqual([
      { url: 'http://gateway/base/live', headers: { authorization: 'Bearer secret' } },
    ]);
    expect(states).toEqual(['reconnecting', 'refused']);
    clock.advance(10_000);
    expect(lines).toHaveLength(1);
    await expect(client.subscribe('b')[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code });
  });

  test('an address that is no gateway ends it, unless it was one before', async () => {
    const answer = () => ({ status: 404, body: '<html>' });
    const { client, line } = connectToFake({ answer });
    const next = client.subscribe('a')[Symbol.asyncIterator]().next();
    line().drop();
    await expect(next).rejects.toMatchObject({ code: 'no_such_route' });

    const known = connectToFake({ answer });
    known.line().hello('e', 1);
    known.line().drop();
    known.clock.advance(100);
    known.line().drop();
    await new Promise(setImmediate);
    expect(known.client.state).toBe('reconnecting');
  });

  test('goes on trying where nobody answers', async () => {
    const { line, lines, clock, client } = connectToFake();
    for (let i = 1; i <= 4; i++) {
      line().drop();
      await new Promise(setImmediate);
      clock.advance(5000);
      expect(lines.length).toBeGreaterThan(i);
    }
    expect(client.state).toBe('reconnecting');
  });

  test.each(['nonsense', 'ftp://host/', ''])('refuses the address %j at once', async (url) => {
    const { connect } = await import('../../../ui/client/node.ts');
    expect(codeOf(() => connect(url))).toBe('bad_parameter');
  });

  test.each([['$heartbeat'], ['a b'], ['']])('refuses the table name %j at once', (name) => {
    const { client } = connectToFake();
    expect(codeOf(() => client.subscribe(name))).toBe('bad_name');
  });
});

describe('the loop over a subscription', () => {
  test('begins once all tables that there are have come, and tells what changed from then on', async () => {
    const { client, line } = connectToFake();
    const updates = client.subscribe('a', 'b')[Symbol.asyncIterator]();
    let first: unknown = null;
    const next = updates.next().then(({ value }) => {
      first = value;
      return value;
    });
    line().hello('e', 5);
    line().commit('e', 5, [snapshot('a', 1)]);
    await new Promise(setImmediate);
    expect(first).toBeNull();
    // There is no b: a heartbeat after a commit says that all has come.
    line().heartbeat(5);
    const begun = await next;
    expect([begun?.tables, [...(begun?.changed ?? [])]]).toEqual([['a'], ['a']]);
    line().commit('e', 6, [append('a', 2)]);
    line().commit('e', 7);
    line().commit('e', 8, [snapshot('b', 1)]);
    const { value } = await updates.next();
    expect([value?.version, [...(value?.changed ?? [])], value?.tables]).toEqual([8, ['a', 'b'], ['a', 'b']]);
    line().commit('e', 9, [{ table: 'a', op: 'drop' }]);
    const { value: dropped } = await updates.next();
    expect([dropped?.table('a'), dropped?.tables]).toEqual([undefined, ['b']]);
  });

  test('closes the subscription when it is left', async () => {
    const { client, line } = connectToFake();
    const subscription = client.subscribe('a');
    line().hello('e', 5);
    line().commit('e', 5, [snapshot('a', 1)]);
    for await (const _ of subscription) break;
    expect(line().said.at(-1)).toEqual({ type: 'unsubscribe', tables: ['a'] });
  });

  test('ends when the client is closed', async () => {
    const { client, line } = connectToFake();
    const next = client.subscribe('a')[Symbol.asyncIterator]().next();
    client.close();
    client.close();
    expect((await next).done).toBe(true);
    expect([client.state, line().isClosed]).toEqual(['closed', true]);
  });
});
