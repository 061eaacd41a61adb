import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { spawnWorkers } from '../support/spawn-workers.ts';

const TOKEN = 'write-token-of-these-tests';
const BEARER = `authorization: Bearer ${TOKEN}`;
const CSV = 'content-type: text/csv';

const ROUTES = [
  { line: 'GET /healthz', headers: [], body: '', status: 200 },
  { line: 'GET /tables', headers: [], body: '', status: 200 },
  { line: 'POST /tables/t', headers: [CSV], body: 'n\n1\n', status: 401 },
  { line: 'POST /tables/t', headers: [CSV, BEARER], body: 'n\n1\n', status: 200 },
  { line: 'POST /update_data', headers: [], body: '', status: 401 },
  { line: 'POST /update_data', headers: [BEARER], body: '', status: 200 },
  { line: 'PUT /dashboards/wall', headers: [CSV], body: '{}', status: 401 },
  { line: 'DELETE /tables/none', headers: [BEARER], body: '', status: 404 },
  { line: 'GET /none', headers: [], body: '', status: 404 },
];
const FORGED = [
  'accept: */*',
  'x-forwarded-for: 127.0.0.1',
  'x-forwarded-host: elsewhere.example',
  'x-forwarded-proto: https',
  'x-tablecast-connection: close',
  'upgrade: websocket',
  'upgrade: h2c',
  'trailer: x-checksum',
  'te: trailers',
  'proxy-connection: keep-alive',
];

let one: SpawnedGateway;
let several: SpawnedGateway;
beforeAll(async () => {
  const args = ['--write-token', TOKEN];
  one = await spawnGateway({ args });
  several = await spawnWorkers(2, { args });
}, 180_000);
afterAll(async () => {
  await one?.close();
  await several?.close();
});

/** Written by hand: Node's client refuses some of these headers itself. */
async function statusOf(gateway: SpawnedGateway, lines: readonly string[], body: string): Promise<number> {
  const { hostname, port } = new URL(gateway.url);
  const [line, ...headers] = lines;
  const all = [`host: ${hostname}:${port}`, 'connection: close', `content-length: ${body.length}`];
  const socket = connect(Number(port), hostname);
  socket.write([`${line} HTTP/1.1`, ...all, ...headers, '', body].join('\r\n'));
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(socket, 'end');
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d+) /.exec(text)?.[1]);
}

test.each(FORGED)('`%s` changes no answer, with several processes as with one', async (forged) => {
  for (const gateway of [one, several]) {
    for (const { line, headers, body, status } of ROUTES) {
      const got = await statusOf(gateway, [line, forged, ...headers], body);
      expect([gateway === one, line, got]).toEqual([gateway === one, line, status]);
    }
  }
});
