import { get } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { XPublisher } from 'zeromq';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { freeAddress } from '../support/free-port.ts';
import { waitFor } from '../support/wait-for.ts';
import { type InProcessGateway, startInProcess } from './in-process-gateway.ts';

const STREAM = 'application/vnd.apache.arrow.stream';
const ARROW = Uint8Array.from(fromValues([{ n: 1 }]));
const HELD = { op: 'append', commit: 'hold' };

let gateway: InProcessGateway;
beforeEach(async () => {
  gateway = await startInProcess({ maxStagedBytes: 4096, maxMessageBytes: 3000 });
});
afterEach(() => gateway.close());

const post = (path: string, body: Uint8Array<ArrayBuffer> | null, type = STREAM) =>
  gateway.request(path, { method: 'POST', body, headers: body === null ? {} : { 'content-type': type } });
const describeTable = async (name: string) => (await gateway.request(`tables/${name}`)).json;

describe('commits', () => {
  test('P17: a publication that shows by itself takes the whole stage of its table, and of no other', async () => {
    gateway.publish('a', [{ n: 1 }], HELD);
    gateway.publish('b', [{ n: 1 }], HELD);
    gateway.publish('a', [{ n: 2 }], { op: 'append' });
    expect(await gateway.rows('a')).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await describeTable('b')).toMatchObject({ rows: 0, staged: 1 });
  });

  test('P18: what is held waits for /update_data', async () => {
    gateway.publish('a', [{ n: 1 }], HELD);
    expect(await describeTable('a')).toMatchObject({ rows: 0, staged: 1, version: 0 });
    await post('update_data', null);
    expect(await describeTable('a')).toMatchObject({ rows: 1, staged: 0, version: 1 });
  });

  test("P18: a publication's own commit wins over the gateway's", async () => {
    const holding = await startInProcess({ commit: 'hold' });
    holding.publish('a', [{ n: 1 }]);
    holding.publish('b', [{ n: 1 }], { commit: 'auto' });
    const { json } = await holding.request('tables');
    await holding.close();
    expect(json).toMatchObject({
      version: 1,
      tables: [
        { name: 'a', rows: 0 },
        { name: 'b', rows: 1 },
      ],
    });
  });

  test('P18: a full stage refuses more, and goes on after a commit', async () => {
    for (let i = 0; i < 40; i++) gateway.publish('a', [{ n: i }], HELD);
    const { staged } = (await describeTable('a')) as { staged: number };
    expect(staged).toBeLessThan(40);
    expect(await describeTable('a')).toMatchObject({ last_error: { code: 'stage_full' } });
    await post('update_data', null);
    gateway.publish('a', [{ n: 41 }], HELD);
    expect(await describeTable('a')).toMatchObject({ rows: staged, staged: 1 });
  });

  test('P19: one /update_data shows everything as one version, and comes also where nothing waits', async () => {
    gateway.publish('a', [{ n: 1 }], HELD);
    gateway.publish('b', [{ n: 1 }], HELD);
    expect((await post('update_data', null)).json).toMatchObject({ version: 1, tables: ['a', 'b'], rows: 2 });
    expect((await gateway.request('update_data')).json).toMatchObject({ version: 2, tables: [], rows: 0 });
  });

  test('P19: ?table= commits those tables alone', async () => {
    for (const name of ['a', 'b', 'c']) gateway.publish(name, [{ n: 1 }], HELD);
    expect((await post('update_data?table=a&table=c', null)).json).toMatchObject({ tables: ['a', 'c'] });
    expect(await describeTable('b')).toMatchObject({ staged: 1 });
  });

  test('P20: versions grow by one, and a new gateway has another epoch', async () => {
    const versions: unknown[] = [];
    for (let i = 0; i < 3; i++) versions.push((await post('update_data', null)).json);
    expect(versions).toMatchObject([{ version: 1 }, { version: 2 }, { version: 3 }]);
    const other = await startInProcess();
    const { json } = await other.request('tables');
    await other.close();
    expect(json).toMatchObject({
      version: 0,
      epoch: expect.not.stringMatching(gateway.gateway.parts.log.epoch),
    });
  });
});

describe('publishing by HTTP', () => {
  test('P24: bodies are Arrow or rows as text, and other types are 415', async () => {
    expect(await post('tables/t', Uint8Array.from(Buffer.from('n\n1\n')), 'text/plain')).toMatchObject({
      status: 415,
      json: { code: 'unsupported_media_type' },
    });
    expect(await post('tables/t', ARROW)).toMatchObject({ status: 200 });
  });

  test('P25: a publication is acknowledged with the version that shows it', async () => {
    expect((await post('tables/t', ARROW)).json).toMatchObject({ version: 1, table: 't', rows: 1 });
    expect((await post('tables/t?op=append&commit=hold', ARROW)).json).toMatchObject({
      version: 1,
      staged: 1,
    });
  });

  test('P26: a dropped table is gone with its stage, and its name is free', async () => {
    gateway.publish('t', [{ n: 1 }]);
    gateway.publish('t', [{ n: 2 }], HELD);
    expect((await gateway.request('tables/t', { method: 'DELETE' })).json).toMatchObject({ version: 2 });
    expect(await gateway.request('tables/t')).toMatchObject({ status: 404, json: { code: 'no_such_table' } });
    gateway.publish('t', [{ n: 'text' }]);
    expect(await gateway.rows('t')).toEqual([{ n: 'text' }]);
  });

  test('P27: what another site makes a browser send changes nothing', async () => {
    const foreign: [Record<string, string>, string][] = [
      [{ 'sec-fetch-site': 'cross-site' }, 'cross_site'],
      [{ origin: 'https://evil.example' }, 'forbidden'],
      [{ origin: 'null' }, 'forbidden'],
    ];
    for (const path of ['update_data', 'tables/t'])
      for (const [headers, code] of foreign)
        expect(await gateway.request(path, { method: 'POST', headers })).toMatchObject({
          status: 403,
          json: { code },
        });
    expect(gateway.gateway.parts.store.version).toBe(0);
  });

  test('P27: a page that reaches the gateway under another name learns nothing', async () => {
    const { port, hostname } = new URL(gateway.gateway.url);
    for (const [host, status] of [
      ['evil.example', 403],
      [`evil.example:${port}`, 403],
      ['127.0.0.1.evil.example', 403],
      [`localhost:${port}`, 200],
      [`127.0.0.1:${port}`, 200],
      ['[::1]', 200],
    ] as const) {
      const answered = await new Promise((resolve, reject) => {
        get({ hostname, port, path: '/tables', headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on('error', reject);
      });
      expect([host, answered]).toEqual([host, status]);
    }
  });

  test('P28: a message, a header and a body over the limit are refused', async () => {
    const large = new Uint8Array(3001);
    gateway.send('t', large);
    gateway.send('t', ' '.repeat(1024 * 1024 + 1), ARROW);
    const { json } = await gateway.request('rejections');
    expect(json).toMatchObject({ rejections: [{ code: 'too_large' }, { code: 'too_large' }] });
    expect(await post('tables/t', large)).toMatchObject({ status: 413, json: { code: 'too_large' } });
  });
});

test('P7: a gateway that starts asks the first producer it meets for the state of its tables', async () => {
  const address = await freeAddress();
  const producer = new XPublisher({ linger: 0 });
  await producer.bind(address);
  const asking = await startInProcess({ connect: [address] });
  const topics: string[] = [];
  while (!topics.includes('$resync.')) {
    const [frame] = await producer.receive();
    if (frame?.[0] === 1) topics.push(frame.toString('utf8', 1));
  }
  await producer.send(['t', '{"op":"replace","snapshot":true}', ARROW]);
  await waitFor(async () => (await asking.request('tables/t')).status === 200, { what: 'the snapshot' });
  await asking.close();
  producer.close();
});
