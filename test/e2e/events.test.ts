import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EventMessage, type EventSourceClient, openEvents } from '../support/event-source.ts';
import { postRows, readJson } from '../support/gateway-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

let gateway: SpawnedGateway;
let clients: EventSourceClient[] = [];
let testCount = 0;
let t: (name: string) => string;

beforeAll(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none', pull: 'none', args: ['--max-viewers', '9'] });
});
beforeEach(() => {
  const prefix = `t${++testCount}-`;
  t = (name) => prefix + name;
});
afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await waitFor(async () => (await update()).viewers === 0, { what: 'the viewers to have left' });
});
afterAll(() => gateway?.close());

async function open(query = '', headers: Readonly<Record<string, string>> = {}): Promise<EventSourceClient> {
  const client = await openEvents(gateway.url, query, headers);
  clients.push(client);
  return client;
}
const update = (query = '') =>
  readJson<{ epoch: string; version: number; viewers: number }>(gateway.url, `update_data${query}`);
const publish = (table: string) => postRows(gateway.url, table, [{ n: 1 }], '?op=append');
const drop = (table: string) => fetch(new URL(`tables/${table}`, gateway.url), { method: 'DELETE' });
const refused = async (query: string, init: RequestInit = {}) => {
  const response = await fetch(new URL(`events${query}`, gateway.url), init);
  const { code, detail } = (await response.json()) as { code: string; detail: string };
  return { status: response.status, code, detail };
};
/** Versions and tables of `commit` messages; each says its version in its id, too. */
function told({ event, id, data }: EventMessage): [number, string[]] {
  expect(event).toBe('commit');
  expect(id).toBe(`${data.epoch}:${data.version}`);
  return [data.version as number, data.tables as string[]];
}

describe('a new client', () => {
  test('V20: is told at once where the gateway stands, and which of its tables there are', async () => {
    const version = await publish(t('a'));
    const client = await open(`?table=${t('a')}&table=${t('later')}`);
    expect(told(await client.next('commit'))).toEqual([version, [t('a')]]);
    expect(client.text()).toMatch(/^retry: 1000\n\nevent: commit\nid: .+\ndata: \{"epoch":.+\}\n\n$/);
    expect(client.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    expect(client.headers['content-encoding']).toBeUndefined();
  });

  test('is answered without compression, whatever it takes', async () => {
    const client = await open('', { 'accept-encoding': 'gzip, br, deflate' });
    await client.next('commit');
    expect(client.headers['content-encoding']).toBeUndefined();
  });
});

describe('a client that follows', () => {
  test('V20: gets one event for each commit that touches its tables, drops included', async () => {
    const client = await open(`?table=${t('a')}&table=${t('b')}`);
    await client.next('commit');
    const first = await publish(t('a'));
    expect(told(await client.next('commit'))).toEqual([first, [t('a')]]);
    await publish(t('other'));
    const third = await publish(t('b'));
    expect(told(await client.next('commit'))).toEqual([third, [t('b')]]);
    await drop(t('a'));
    expect(told(await client.next('commit'))).toEqual([third + 1, [t('a')]]);
    expect(client.messages).toHaveLength(4);
  });

  test('gets one event for a commit over several tables, with those that it asked for', async () => {
    const client = await open(`?table=${t('a')}&table=${t('b')}`);
    await client.next('commit');
    for (const table of ['a', 'b', 'c']) await postRows(gateway.url, t(table), [{ n: 1 }], '?commit=hold');
    const { version } = await update();
    const [toldVersion, tables] = told(await client.next('commit'));
    expect([toldVersion, tables.toSorted()]).toEqual([version, [t('a'), t('b')]]);
  });

  test('gets every commit where it asked for no table, empty ones included', async () => {
    const client = await open();
    const [before] = told(await client.next('commit'));
    await update();
    expect(told(await client.next('commit'))).toEqual([before + 1, []]);
    await publish(t('a'));
    expect(told(await client.next('commit'))).toEqual([before + 2, [t('a')]]);
  });

  test('counts as a viewer', async () => {
    await open();
    await open(`?table=${t('a')}`);
    expect((await update()).viewers).toBe(2);
  });
});

describe('a client that connects again', () => {
  let epoch: string;
  /** Where it stood; since then `a` and `gone` have changed, and `still` has not. */
  let stood: number;
  let now: number;
  beforeEach(async () => {
    for (const name of ['a', 'still']) await publish(t(name));
    stood = await publish(t('gone'));
    for (const name of ['a', 'a']) await publish(t(name));
    await drop(t('gone'));
    ({ epoch, version: now } = await update());
  });
  const all = () => ['a', 'still', 'gone'].map((name) => `table=${t(name)}`).join('&');

  test.each([
    ['the header', () => ['', `${epoch}:${stood}`] as const],
    ['the parameter', () => [`&last_event_id=${epoch}:${stood}`, undefined] as const],
    [
      'the header, which is newer than the parameter',
      () => [`&last_event_id=${epoch}:1`, `${epoch}:${stood}`] as const,
    ],
  ])('V21: is told by one event what changed since, by %s', async (_, given) => {
    const [parameter, header] = given();
    const client = await open(
      `?${all()}${parameter}`,
      header === undefined ? {} : { 'last-event-id': header },
    );
    const [version, tables] = told(await client.next('commit'));
    expect([version, tables.toSorted()]).toEqual([now, [t('a'), t('gone')]]);
  });

  test.each([
    ['another epoch', () => `another:${stood}`],
    ['a version to come', () => `${epoch}:${now + 5}`],
    ['what is no id', () => 'nonsense'],
    ['too large a version', () => `${epoch}:99999999999999999999`],
    ['an empty id', () => ''],
  ])('is told all of its tables after %s', async (_, id) => {
    const client = await open(`?${all()}`, { 'last-event-id': id() });
    expect(told(await client.next('commit'))).toEqual([now, [t('a'), t('still')]]);
  });

  test('is told nothing where nothing has changed, until something does', async () => {
    const client = await open(`?table=${t('still')}`, { 'last-event-id': `${epoch}:${stood}` });
    const version = await publish(t('still'));
    expect(told(await client.next('commit'))).toEqual([version, [t('still')]]);
    expect(client.messages).toHaveLength(1);
  });

  test('V21: misses no change, however often its connection breaks', async () => {
    const tables = Array.from({ length: 5 }, (_, i) => t(`x${i}`));
    const query = `?${tables.map((table) => `table=${table}`).join('&')}`;
    const changed = new Map<string, number>();
    const known = new Map<string, number>();
    let id = '';
    for (let round = 0; round < 12; round++) {
      const client = await open(query, id === '' ? {} : { 'last-event-id': id });
      for (let i = 0; i <= round % 4; i++) {
        const table = tables[(round * 3 + i) % tables.length]!;
        changed.set(table, await publish(table));
      }
      // Cut off after one event, wherever the others are.
      await client.next('commit');
      client.close();
      for (const message of client.messages) {
        const [version, names] = told(message);
        for (const name of names) known.set(name, version);
      }
      id = client.lastEventId();
    }
    const last = await open(query, { 'last-event-id': id });
    const end = await publish(tables[0]!);
    changed.set(tables[0]!, end);
    await waitFor(() => last.lastEventId().endsWith(`:${end}`), { what: 'the last commit' });
    for (const message of last.messages)
      for (const name of told(message)[1]) known.set(name, told(message)[0]);
    for (const [table, version] of changed) expect(known.get(table)).toBeGreaterThanOrEqual(version);
  });
});

describe('what is wrong is refused, with its reason', () => {
  test.each([
    ['?table=$x', 400, 'bad_name', '$x'],
    ['?table=', 400, 'bad_name', ''],
    ['?table=a&table=a.json', 400, 'bad_name', 'a.json'],
    ['?last_event_id=7', 400, 'bad_parameter', 'last_event_id'],
    ['?last_event_id=e:1&last_event_id=e:2', 400, 'bad_parameter', 'last_event_id'],
    ['?table=a&image=gif', 400, 'bad_parameter', 'image'],
    ['?table=a&image=svg&type=cube', 400, 'bad_parameter', 'type'],
    ['?table=a&image=svg&width=1e9', 400, 'bad_parameter', 'width'],
    ['?table=a&table=b&image=svg&x=n', 400, 'bad_parameter', 'table'],
    ['?image=png&title=All', 400, 'bad_parameter', 'table'],
  ])('%s', async (query, status, code, named) => {
    const problem = await refused(query);
    expect(problem).toMatchObject({ status, code });
    expect(problem.detail).toContain(named);
  });

  test('HEAD and POST', async () => {
    const url = new URL('events', gateway.url);
    for (const method of ['HEAD', 'POST']) expect((await fetch(url, { method })).status).toBe(405);
  });

  test('a viewer more than the gateway may have', async () => {
    for (let i = 0; i < 9; i++) await open();
    const answer = await fetch(new URL('events', gateway.url));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await answer.json()).toMatchObject({ code: 'too_many_viewers' });
    clients.shift()!.close();
    await waitFor(async () => (await update()).viewers === 8, { what: 'one to have left' });
    await open();
  });
});
