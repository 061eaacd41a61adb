import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { arrowOf } from '../support/arrow-messages.ts';
import { readTable } from '../support/gateway-http.ts';
import { type LiveClient, openLiveClient } from '../support/live-client.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

interface Answer {
  epoch: string;
  version: number;
  tables: string[];
  rows: number;
  viewers: number;
  rendered?: number;
  pending?: number;
  hidden?: number;
  p50_ms?: number | null;
  max_ms?: number | null;
}

let gateway: SpawnedGateway;
let push: PushSocket;
let clients: LiveClient[] = [];
let testCount = 0;
let t: (name: string) => string;

beforeAll(async () => {
  gateway = await spawnGateway();
  push = openPush(gateway.pull);
});
beforeEach(() => {
  const prefix = `t${++testCount}-`;
  t = (name) => prefix + name;
});
afterEach(async () => {
  for (const client of clients) {
    expect(client.faults).toEqual([]);
    client.close();
  }
  await waitFor(async () => (await update()).viewers === 0, { what: 'the viewers to have left' });
  clients = [];
});
afterAll(async () => {
  push?.close();
  await gateway?.close();
});

const hold = { commit: 'hold' };

async function open(url = gateway.wsUrl): Promise<LiveClient> {
  const client = await openLiveClient(url);
  clients.push(client);
  return client;
}

async function update(query = '', init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(new URL(`update_data${query}`, gateway.url), init);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

async function staged(table: string, url = gateway.url): Promise<number> {
  const response = await fetch(new URL(`tables/${table}`, url));
  return response.ok ? ((await response.json()) as { staged: number }).staged : 0;
}

/** What the bus brings comes on its own time; this waits until it is in the stage. */
async function held(table: string, count = 1, url = gateway.url): Promise<void> {
  await waitFor(async () => (await staged(table, url)) === count, { what: `${count} staged of ${table}` });
}

describe('commit', () => {
  test('two tables held and one /update_data are one commit with both, equal to HTTP row by row', async () => {
    const viewer = await open();
    const { version: before } = await viewer.subscribe('*');
    const prices = [
      { symbol: 'AAA', price: 1.25 },
      { symbol: 'BBB', price: null },
    ];
    await push.publish(t('prices'), prices, { ...hold, key: 'symbol' });
    await push.publish(t('log'), [{ n: 1 }], { ...hold, op: 'append' });
    await push.publish(t('log'), [{ n: 2 }], { ...hold, op: 'append' });
    await held(t('prices'));
    await held(t('log'), 2);
    expect(await readTable(gateway.url, t('log'))).toEqual({ version: before, rows: [] });
    const answer = await update();
    const { epoch, version } = await viewer.next('hello');
    expect(version).toBe(before);
    expect(answer).toEqual({
      epoch,
      version: before + 1,
      tables: expect.arrayContaining([t('prices'), t('log')]),
      rows: 4,
      viewers: 1,
    });
    const commit = await viewer.next('commit');
    expect(commit.version).toBe(answer.version);
    expect(new Set(commit.changes.map(({ table }) => table))).toEqual(new Set([t('prices'), t('log')]));
    for (const table of [t('prices'), t('log')])
      expect(await readTable(gateway.url, table)).toEqual({
        version: answer.version,
        rows: viewer.rows(table),
      });
    expect(viewer.rows(t('prices'))).toEqual(prices);
    expect([await staged(t('prices')), await staged(t('log'))]).toEqual([0, 0]);
  });

  test('a new version comes also when nothing was staged, and every viewer is told', async () => {
    const viewers = [await open(), await open()];
    for (const viewer of viewers) await viewer.subscribe('*');
    const { version, tables, rows } = await update();
    expect({ tables, rows }).toEqual({ tables: [], rows: 0 });
    for (const viewer of viewers) expect(await viewer.next('commit')).toMatchObject({ version, changes: [] });
    expect((await update()).version).toBe(version + 1);
  });

  test('?table= commits the tables it names and no other', async () => {
    for (const name of ['a', 'b', 'c']) {
      await push.publish(t(name), [{ n: 1 }], hold);
      await held(t(name));
    }
    expect((await update(`?table=${t('a')}&table=${t('b')}`)).tables.sort()).toEqual([t('a'), t('b')]);
    expect(await readTable(gateway.url, t('c'))).toMatchObject({ rows: [] });
    expect(await staged(t('c'))).toBe(1);
    expect((await update()).tables).toEqual([t('c')]);
  });

  test('auto commits its own table with what waits there, in order of arrival, and no other table', async () => {
    const viewer = await open();
    await viewer.subscribe('*');
    await push.publish(t('other'), [{ n: 0 }], hold);
    await push.publish(t('a'), [{ n: 1 }], { ...hold, op: 'append' });
    await push.publish(t('a'), [{ n: 2 }], { commit: 'auto', op: 'append' });
    const commit = await viewer.next('commit');
    expect(commit.changes.map(({ table }) => table)).toEqual([t('a')]);
    expect(viewer.rows(t('a'))).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await staged(t('other'))).toBe(1);
  });

  test.each([
    ['GET', undefined],
    ['POST', undefined],
    ['POST', 'application/json'],
    ['POST', 'application/x-www-form-urlencoded'],
    ['POST', 'text/plain'],
  ])('%s with an empty body of type %s commits what is staged', async (method, type) => {
    await push.publish(t('a'), [{ n: 1 }], hold);
    await held(t('a'));
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const { tables } = await update('', { method, headers, ...(method === 'POST' ? { body: '' } : {}) });
    expect(tables).toEqual([t('a')]);
  });

  test('a body is published to the table and shown with what waited there', async () => {
    await push.publish(t('a'), [{ n: 1 }], { ...hold, op: 'append' });
    await held(t('a'));
    const answer = await update(`?table=${t('a')}&op=append`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
      body: arrowOf([{ n: 2 }]) as Uint8Array<ArrayBuffer>,
    });
    expect(answer).toMatchObject({ tables: [t('a')], rows: 2 });
    expect(await readTable(gateway.url, t('a'))).toMatchObject({ rows: [{ n: 1 }, { n: 2 }] });
  });
});

test('with --commit hold only /update_data shows anything, but a publication that says auto', async () => {
  const other = await spawnGateway({ connect: 'none', bind: 'none', args: ['--commit', 'hold'] });
  const otherPush = openPush(other.pull);
  try {
    const viewer = await open(other.wsUrl);
    await viewer.subscribe('*');
    await otherPush.publish('waits', [{ n: 1 }]);
    await otherPush.publish('shows', [{ n: 2 }], { commit: 'auto' });
    expect(await viewer.next('commit')).toMatchObject({ version: 1, changes: [{ table: 'shows' }] });
    await held('waits', 1, other.url);
    expect(await readTable(other.url, 'waits')).toMatchObject({ rows: [] });
    await fetch(new URL('update_data', other.url));
    expect(await viewer.next('commit')).toMatchObject({ version: 2, changes: [{ table: 'waits' }] });
    expect(viewer.rows('waits')).toEqual([{ n: 1 }]);
  } finally {
    otherPush.close();
    await other.close();
  }
});

describe('wait=rendered', () => {
  test('counts who has drawn and who is hidden, and does not wait for who draws nothing', async () => {
    const [drawing, hidden, silent] = [await open(), await open(), await open()];
    await drawing.subscribe('*', { renders: true });
    await hidden.subscribe('*', { renders: true });
    hidden.send({ type: 'visibility', visible: false });
    await hidden.subscribe([]);
    await silent.subscribe('*');
    await push.publish(t('a'), [{ n: 1 }], hold);
    await held(t('a'));
    const answer = update('?wait=rendered&timeout_ms=30000');
    const { version } = await drawing.next('commit');
    drawing.send({ type: 'rendered', version });
    expect(await answer).toMatchObject({
      version,
      viewers: 3,
      rendered: 1,
      pending: 0,
      hidden: 1,
      p50_ms: expect.any(Number),
      max_ms: expect.any(Number),
    });
  });

  test('answers after timeout_ms where a viewer never says so, and counts it as pending', async () => {
    const stuck = await open();
    const drawn = await open();
    await stuck.subscribe('*', { renders: true });
    await drawn.subscribe('*', { renders: true });
    const startedAt = performance.now();
    const answer = update('?wait=rendered&timeout_ms=3000');
    stuck.send({ type: 'rendered', version: 0 });
    drawn.send({ type: 'rendered', version: (await drawn.next('commit')).version });
    expect(await answer).toMatchObject({ viewers: 2, rendered: 1, pending: 1, hidden: 0 });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(2995);
  });

  test.each([
    ['hides', (viewer: LiveClient) => viewer.send({ type: 'visibility', visible: false }), { hidden: 1 }],
    ['leaves', (viewer: LiveClient) => viewer.close(), {}],
  ])('does not wait on for a viewer that %s meanwhile', async (_, go, counts) => {
    const viewer = await open();
    await viewer.subscribe('*', { renders: true });
    const answer = update('?wait=rendered&timeout_ms=30000');
    await viewer.next('commit');
    go(viewer);
    expect(await answer).toMatchObject({ rendered: 0, pending: 0, p50_ms: null, max_ms: null, ...counts });
  });

  test('waits again for a viewer that shows itself again', async () => {
    const viewer = await open();
    await viewer.subscribe('*', { renders: true });
    viewer.send({ type: 'visibility', visible: false });
    viewer.send({ type: 'visibility', visible: true });
    await viewer.subscribe([]);
    const answer = update('?wait=rendered&timeout_ms=30000');
    const { version } = await viewer.next('commit');
    viewer.send({ type: 'rendered', version });
    expect(await answer).toMatchObject({ rendered: 1, pending: 0, hidden: 0 });
  });

  test('answers at once where nobody is there to draw', async () => {
    expect(await update('?wait=rendered&timeout_ms=30000')).toMatchObject({
      viewers: 0,
      rendered: 0,
      pending: 0,
      hidden: 0,
    });
  });
});
