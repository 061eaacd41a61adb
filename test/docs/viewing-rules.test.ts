import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type InProcessGateway, startInProcess } from './in-process-gateway.ts';
import { openViewer, type Viewer } from './viewer.ts';

let gateway: InProcessGateway;
let viewers: Viewer[] = [];
beforeEach(async () => {
  // Heartbeats come when a test says so: who has not subscribed is told commits from the second one on.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  gateway = await startInProcess();
});
afterEach(async () => {
  for (const viewer of viewers) viewer.close();
  viewers = [];
  await gateway.close();
  vi.useRealTimers();
});

async function open(): Promise<Viewer> {
  const viewer = await openViewer(gateway.url);
  viewers.push(viewer);
  return viewer;
}

/** A viewer that has got its answer. */
async function subscribed(tables: '*' | readonly string[], more: object = {}): Promise<Viewer> {
  const viewer = await open();
  viewer.send({ type: 'subscribe', tables, ...more });
  await viewer.commit();
  return viewer;
}

const epoch = () => gateway.gateway.parts.log.epoch;

describe('the WebSocket', () => {
  test('V4: says hello first, with epoch and version', async () => {
    gateway.publish('t', [{ n: 1 }]);
    expect(await (await open()).message()).toEqual({ type: 'hello', epoch: epoch(), version: 1 });
  });

  test.each([
    '{',
    '{"type":"dance"}',
    '{"type":"subscribe"}',
    '{"type":"rendered","version":-1}',
    Buffer.from('{}'),
  ])('V5: answers %s with an error, and goes on', async (text) => {
    const viewer = await open();
    await viewer.message();
    viewer.socket.send(text);
    expect(await viewer.message()).toMatchObject({ type: 'error', code: 'bad_message' });
    viewer.send({ type: 'subscribe', tables: [] });
    expect(await viewer.commit()).toMatchObject({ version: 0, changes: [] });
  });

  test('V6: answers every subscription by one commit that brings its tables, those to come later', async () => {
    gateway.publish('a', [{ n: 1 }]);
    gateway.publish('b', [{ n: 2 }]);
    const viewer = await open();
    viewer.send({ type: 'subscribe', tables: ['a', 'later'] });
    viewer.send({ type: 'subscribe', tables: ['b'] });
    expect(await viewer.commit()).toMatchObject({ version: 2, changes: [{ table: 'a', snapshot: true }] });
    expect(await viewer.commit()).toMatchObject({ version: 2, changes: [{ table: 'b', snapshot: true }] });
    gateway.publish('later', [{ n: 3 }]);
    expect(await viewer.commit()).toMatchObject({
      version: 3,
      changes: [{ table: 'later', snapshot: true }],
    });
  });

  test('V7: sends one binary message for each change, and none for a drop', async () => {
    gateway.publish('a', [{ n: 1 }]);
    gateway.publish('b', [{ n: 1 }]);
    const viewer = await subscribed('*');
    await gateway.request('tables/a', { method: 'DELETE' });
    expect(await viewer.commit()).toMatchObject({ changes: [{ table: 'a', op: 'drop' }], payloads: [] });
    expect([viewer.has('a'), viewer.has('b')]).toEqual([false, true]);
  });

  test('V8: a commit over two tables comes as one, and the replica equals what HTTP reads', async () => {
    const viewer = await subscribed('*');
    gateway.publish('a', [{ n: 1 }], { commit: 'hold' });
    gateway.publish('b', [{ k: 'x' }, { k: 'y' }], { key: 'k', commit: 'hold' });
    await gateway.request('update_data');
    expect(await viewer.commit()).toMatchObject({ version: 1, changes: [{ table: 'a' }, { table: 'b' }] });
    for (const table of ['a', 'b']) expect(viewer.rows(table)).toEqual(await gateway.rows(table));
  });

  test('V9: tells every commit, if only as a bare notification', async () => {
    const viewer = await subscribed(['a']);
    gateway.publish('b', [{ n: 1 }]);
    expect(await viewer.commit()).toMatchObject({ version: 1, changes: [] });
    await gateway.request('update_data');
    expect(await viewer.commit()).toMatchObject({ version: 2, changes: [] });
  });

  test('V9: tells no commit before the answer to the first subscription, which is the first commit on a line', async () => {
    gateway.publish('a', [{ n: 1 }], { op: 'append' });
    const viewer = await open();
    await viewer.message();
    gateway.publish('a', [{ n: 2 }], { op: 'append' });
    await gateway.request('update_data');
    viewer.send({ type: 'subscribe', tables: ['a'] });
    expect(await viewer.commit()).toMatchObject({
      version: 3,
      changes: [{ table: 'a', rows: 2, snapshot: true }],
    });
  });

  test('V9: tells a viewer that does not subscribe what is committed, from its second heartbeat on', async () => {
    const viewer = await open();
    await viewer.message();
    gateway.publish('a', [{ n: 1 }]);
    vi.advanceTimersByTime(2000);
    expect(await viewer.commit()).toMatchObject({ version: 1, changes: [] });
    expect(viewer.heartbeats()).toEqual([0, 0]);
    gateway.publish('a', [{ n: 1 }]);
    expect(await viewer.commit()).toMatchObject({ version: 2, changes: [] });
  });

  test('V9: tells viewers of no table what is committed, once they have subscribed', async () => {
    const silent = await open();
    const viewer = await subscribed([]);
    gateway.publish('a', [{ n: 1 }]);
    expect(await viewer.commit()).toMatchObject({ version: 1, changes: [] });
    silent.send({ type: 'unsubscribe', tables: '*' });
    silent.send({ type: 'subscribe', tables: '*' });
    expect(await silent.commit()).toMatchObject({ version: 1, changes: [{ table: 'a', snapshot: true }] });
  });

  test('V10: resumes with what changed since, or with snapshots where it cannot', async () => {
    gateway.publish('t', [{ n: 1 }], { op: 'append' });
    gateway.publish('t', [{ n: 2 }], { op: 'append' });
    const answerTo = async (since: object) => {
      const viewer = await open();
      viewer.send({ type: 'subscribe', tables: ['t'], since });
      return viewer.commit();
    };
    const snapshot = { changes: [{ snapshot: true, rows: 2 }] };
    expect(await answerTo({ epoch: 'another', version: 1 })).toMatchObject(snapshot);
    expect(await answerTo({ epoch: epoch(), version: 99 })).toMatchObject(snapshot);
    const viewer = await subscribed(['t']);
    viewer.send({ type: 'unsubscribe', tables: ['t'] });
    viewer.send({ type: 'subscribe', tables: [] });
    const since = { epoch: epoch(), version: (await viewer.commit()).version };
    gateway.publish('t', [{ n: 3 }], { op: 'append' });
    await viewer.commit();
    viewer.send({ type: 'subscribe', tables: ['t'], since });
    expect(await viewer.commit()).toMatchObject({ changes: [{ op: 'append', rows: 1, snapshot: false }] });
    expect(viewer.rows('t')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test('V11: sends a large snapshot as several changes of one commit', async () => {
    const rows = Array.from({ length: 30_000 }, (_, n) => ({ n, text: `row ${n} of a large table` }));
    gateway.publish('plain', rows);
    gateway.publish('keyed', rows, { key: 'n' });
    const viewer = await open();
    viewer.send({ type: 'subscribe', tables: '*' });
    const { changes } = await viewer.commit();
    const opsOf = (table: string) => changes.filter((change) => change.table === table);
    for (const [table, op] of [
      ['plain', 'append'],
      ['keyed', 'upsert'],
    ] as const) {
      const [first, ...rest] = opsOf(table);
      expect(first).toMatchObject({ snapshot: true });
      expect(rest.length).toBeGreaterThan(1);
      for (const change of rest) expect(change).toMatchObject({ op, snapshot: false });
    }
    expect(viewer.rows('keyed')).toEqual(rows);
  });

  test('V12: retention comes as drop_first, and as a delete where there is a key', async () => {
    const retention = { max_rows: 2 };
    gateway.publish('q', [{ n: 1 }, { n: 2 }], { op: 'append', retention });
    gateway.publish('k', [{ k: 'a' }, { k: 'b' }], { key: 'k', retention });
    const viewer = await subscribed('*');
    gateway.publish('q', [{ n: 3 }], { op: 'append' });
    expect(await viewer.commit()).toMatchObject({ changes: [{ op: 'append', rows: 1, drop_first: 1 }] });
    gateway.publish('k', [{ k: 'c' }]);
    expect(await viewer.commit()).toMatchObject({ changes: [{ op: 'delete', rows: 1 }, { op: 'upsert' }] });
    expect([viewer.rows('q'), viewer.rows('k')]).toEqual([
      [{ n: 2 }, { n: 3 }],
      [{ k: 'b' }, { k: 'c' }],
    ]);
  });

  test('V13: an upsert of a column leaves the others as they are', async () => {
    gateway.publish('t', [{ k: 'a', n: 1, m: 1 }], { key: 'k' });
    const viewer = await subscribed('*');
    gateway.publish('t', [{ k: 'a', n: 2 }]);
    expect(await viewer.commit()).toMatchObject({ changes: [{ op: 'upsert', key: ['k'], rows: 1 }] });
    expect(viewer.rows('t')).toEqual([{ k: 'a', n: 2, m: 1 }]);
  });

  test('V14: after unsubscribe a table changes no more, and commits are still told', async () => {
    const viewer = await subscribed(['a', 'b']);
    viewer.send({ type: 'unsubscribe', tables: ['a'] });
    viewer.send({ type: 'subscribe', tables: [] });
    await viewer.commit();
    gateway.publish('a', [{ n: 1 }]);
    gateway.publish('b', [{ n: 1 }]);
    expect(await viewer.commit()).toMatchObject({ version: 1, changes: [] });
    expect(await viewer.commit()).toMatchObject({ version: 2, changes: [{ table: 'b' }] });
  });

  test('V14: a table left of all comes no more, and whole when it is wanted again', async () => {
    gateway.publish('a', [{ n: 1 }]);
    const viewer = await subscribed('*');
    viewer.send({ type: 'unsubscribe', tables: ['a'] });
    viewer.send({ type: 'subscribe', tables: [] });
    await viewer.commit();
    gateway.publish('a', [{ n: 2 }]);
    gateway.publish('b', [{ n: 3 }]);
    expect(await viewer.commit()).toMatchObject({ version: 2, changes: [] });
    expect(await viewer.commit()).toMatchObject({ version: 3, changes: [{ table: 'b' }] });
    viewer.send({ type: 'subscribe', tables: ['a'] });
    expect(await viewer.commit()).toMatchObject({ version: 3, changes: [{ table: 'a', snapshot: true }] });
    expect(viewer.rows('a')).toEqual([{ n: 2 }]);
  });

  test('P27: a page of another origin cannot open a WebSocket', async () => {
    const socket = new WebSocket(new URL('live', gateway.gateway.url.replace(/^http/, 'ws')), {
      headers: { origin: 'https://evil.example' },
    });
    const status = await new Promise((resolve) => {
      socket.on('error', () => {});
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('open', () => resolve('open'));
    });
    expect(status).toBe(403);
  });

  test('V16: a heartbeat comes every second, with the version', async () => {
    const viewer = await subscribed('*');
    gateway.publish('t', [{ n: 1 }]);
    await viewer.commit();
    for (const count of [1, 2]) {
      vi.advanceTimersByTime(1000);
      await expect.poll(() => viewer.heartbeats()).toEqual(Array(count).fill(1));
    }
  });

  test('V17: wait=rendered answers once those who draw and are seen have drawn', async () => {
    const drawing = await subscribed('*', { renders: true });
    const hidden = await subscribed('*', { renders: true });
    await subscribed('*');
    hidden.send({ type: 'visibility', visible: false });
    hidden.send({ type: 'subscribe', tables: [] });
    await hidden.commit();
    const late = gateway.request('update_data?wait=rendered&timeout_ms=50');
    expect((await late).json).toMatchObject({ viewers: 3, rendered: 0, pending: 1, hidden: 1 });
    await drawing.commit();
    const drawn = gateway.request('update_data?wait=rendered&timeout_ms=10000');
    drawing.send({ type: 'rendered', version: (await drawing.commit()).version });
    expect((await drawn).json).toMatchObject({ rendered: 1, pending: 0, hidden: 1 });
  });

  test('V18: too large a message ends the connection, and so does the end of the gateway', async () => {
    const loud = await open();
    loud.socket.send('x'.repeat(64 * 1024 + 1));
    expect(await loud.closed).toBe(1009);
    const quiet = await open();
    await gateway.close();
    expect(await quiet.closed).toBe(1012);
  });
});
