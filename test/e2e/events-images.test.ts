import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type EventSourceClient, openEvents } from '../support/event-source.ts';
import { postRows } from '../support/gateway-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

let gateway: SpawnedGateway;
let clients: EventSourceClient[] = [];

beforeAll(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none', pull: 'none' });
});
afterEach(() => {
  for (const client of clients) client.close();
  clients = [];
});
afterAll(() => gateway?.close());

async function open(query: string): Promise<EventSourceClient> {
  const client = await openEvents(gateway.url, query);
  clients.push(client);
  return client;
}
const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ x: i, y: i * i, note: `n${i}` }));

/** The bytes of a data URL. */
function bytesOf(src: unknown, mediaType: string): Buffer {
  const [head, base64 = ''] = String(src).split(',');
  expect(head).toBe(`data:${mediaType};base64`);
  return Buffer.from(base64, 'base64');
}

test('V23: a picture of the table follows at once, and after each of its commits', async () => {
  const first = await postRows(gateway.url, 'squares', rows(10));
  const client = await open('?table=squares&image=svg&width=300&height=200&title=Two%20%3C%20three');
  const { data } = await client.next('update_image');
  expect(data).toMatchObject({ table: 'squares', version: first });
  const svg = bytesOf(data.src, 'image/svg+xml').toString();
  expect(svg).toMatch(/^<svg[^>]* width="300"[^>]* height="200"/);
  expect(svg).toContain('Two &lt; three');
  const second = await postRows(gateway.url, 'squares', rows(20));
  expect((await client.next('update_image')).data.version).toBe(second);
  expect(client.messages.map(({ event }) => event)).toEqual([
    'commit',
    'update_image',
    'commit',
    'update_image',
  ]);
  expect(client.lastEventId()).toMatch(new RegExp(`:${second}$`));
});

test('a PNG is a PNG, and several tables have one each', async () => {
  await postRows(gateway.url, 'one', rows(5));
  await postRows(gateway.url, 'two', rows(5));
  const client = await open('?table=one&table=two&image=png&width=200&height=100&theme=dark');
  const pictures = [await client.next('update_image'), await client.next('update_image')];
  expect(pictures.map(({ data }) => data.table).toSorted()).toEqual(['one', 'two']);
  for (const { data } of pictures)
    expect(bytesOf(data.src, 'image/png').subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
});

test('V23: a chart that cannot be drawn is a problem with its table', async () => {
  await postRows(gateway.url, 'narrow', rows(5));
  const client = await open('?table=narrow&image=svg&y=missing');
  const { data } = await client.next('image_error');
  expect(data).toMatchObject({ table: 'narrow', status: 400, code: 'bad_parameter' });
  expect(data.detail).toContain('missing');
  await fetch(new URL('tables/narrow', gateway.url), { method: 'DELETE' });
  expect((await client.next('image_error')).data).toMatchObject({ table: 'narrow', code: 'no_such_table' });
});
