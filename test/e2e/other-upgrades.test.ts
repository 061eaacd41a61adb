import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readJson } from '../support/gateway-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

let gateway: SpawnedGateway;
let socket: Socket;
let answers = '';

beforeAll(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none', pull: 'none' });
});
afterEach(() => socket?.destroy());
afterAll(() => gateway?.close());

async function open(): Promise<void> {
  socket = connect(gateway.port, '127.0.0.1');
  answers = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answers += String(text);
  });
  await once(socket, 'connect');
}

const statuses = (): string[] => [...answers.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status!);
const answered = (count: number) =>
  waitFor(() => statuses().length === count, { what: `${count} answers in: ${answers}` });

const UPGRADE =
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA';
const head = (line: string, headers: string) => `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n\r\n`;
const posted = (table: string, length: string, upgrade = UPGRADE) =>
  head(`POST /tables/${table}`, `Content-Type: application/json\r\n${length}\r\n${upgrade}`);
const ROWS = '[{"n":1},{"n":2}]';

describe('an upgrade to something other than a WebSocket is passed over', () => {
  test.each<[what: string, parts: string[]]>([
    ['a body with its headers', [`${posted('a', `Content-Length: ${ROWS.length}`)}${ROWS}`]],
    ['a body in pieces', [posted('b', `Content-Length: ${ROWS.length}`), ROWS.slice(0, 5), ROWS.slice(5)]],
    [
      'a chunked body',
      [posted('c', 'Transfer-Encoding: chunked'), `${ROWS.length.toString(16)}\r\n${ROWS}\r\n0\r\n\r\n`],
    ],
    [
      'another protocol',
      [`${posted('d', `Content-Length: ${ROWS.length}`, 'Connection: upgrade\r\nUpgrade: TLS/1.2')}${ROWS}`],
    ],
  ])('%s', async (_, parts) => {
    await open();
    for (const part of parts) await new Promise((written) => socket.write(part, 'latin1', written));
    await answered(1);
    expect(statuses()).toEqual(['200']);
    const table = /tables\/(\w)/.exec(parts[0]!)![1]!;
    expect(await readJson(gateway.url, `tables/${table}.json`)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('and the connection goes on, with further upgrades too', async () => {
    await open();
    const get = head('GET /healthz', UPGRADE);
    socket.write(get);
    await answered(1);
    socket.write(get + get);
    await answered(3);
    const closed = once(socket, 'close');
    socket.write(head('GET /nowhere', 'Connection: close'));
    await closed;
    expect(statuses()).toEqual(['200', '200', '200', '404']);
  });

  test('"close" beside it is kept', async () => {
    await open();
    const closed = once(socket, 'close');
    socket.write(head('GET /healthz', 'Connection: close, Upgrade\r\nUpgrade: h2c'));
    await closed;
    expect(statuses()).toEqual(['200']);
  });

  test('a client that goes away in the middle of its body harms nobody', async () => {
    await open();
    socket.write(posted('gone', 'Content-Length: 100') + ROWS);
    socket.resetAndDestroy();
    await open();
    socket.write(head('GET /healthz', UPGRADE));
    await answered(1);
    expect(statuses()).toEqual(['200']);
  });

  test('a connection that breaks while an earlier answer is under way is the end of it alone', async () => {
    await open();
    const stream = head('GET /events', '');
    await new Promise((written) =>
      socket.write(`${stream}${posted('e', 'Content-Length: 2')}`, 'latin1', written),
    );
    await answered(1);
    socket.resetAndDestroy();
    await once(socket, 'close');
    await open();
    await new Promise((written) => socket.write(head('GET /healthz', ''), 'latin1', written));
    await answered(1);
    expect(statuses()).toEqual(['200']);
  });
});
