import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { mutate } from '../fuzz/mutate.ts';
import { postRows, readJson } from '../support/gateway-http.ts';
import { openLiveClient } from '../support/live-client.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const LINES = 200;
const MESSAGES_PER_LINE = 12;
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
const CLIENT_MESSAGES = [
  '{"type":"subscribe","tables":["t"]}',
  '{"type":"subscribe","tables":"*","since":{"epoch":"e","version":1},"renders":true}',
  '{"type":"unsubscribe","tables":["t"]}',
  '{"type":"rendered","version":1}',
  '{"type":"visibility","visible":false}',
];
const REQUESTS = [
  'GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: tablecast.v1\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  'POST /tables/t?op=append HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 4\r\n\r\nn\n1\n',
  'GET /tables/t.json?limit=10 HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nIf-None-Match: "x"\r\n\r\n',
  'GET /events?table=t HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: e:1\r\n\r\n',
].map((text) => Buffer.from(text));

/** A client's frame (RFC 6455, 5.2), masked as it has to be. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([
    Buffer.from([0x81, 0x80 | payload.length]),
    MASK,
    payload.map((byte, i) => byte ^ MASK[i & 3]!),
  ]);
}

/** What a line sends: a request that is whole or damaged, and after one for a WebSocket frames, most of them damaged. */
function linesBytes(random: SeededRandom): Uint8Array[] {
  const frames = CLIENT_MESSAGES.map(frame);
  const isLive = random.below(3) > 0;
  const request = isLive ? REQUESTS[0]! : mutate(REQUESTS, 'text', random);
  const messages = Array.from({ length: MESSAGES_PER_LINE }, () =>
    random.below(3) === 0 ? random.pick(frames) : mutate(frames, 'bytes', random),
  );
  return [request, ...(isLive ? messages : [])];
}

/** Sends, and ends the line in one of the ways in which lines end. */
async function send(port: number, random: SeededRandom): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.resume();
  // An error is one of the ways: `once` of node:events would fail with it.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  for (const bytes of linesBytes(random)) socket.write(bytes);
  if (random.below(2) === 0) socket.end();
  else setTimeout(() => socket.resetAndDestroy(), random.below(30));
  // A line that is a viewer in good order stays until it is cut.
  const timer = setTimeout(() => socket.destroy(), 500);
  await closed;
  clearTimeout(timer);
}

test('damaged requests and WebSocket frames end their own line at most', async () => {
  const gateway = await spawnGateway({ connect: 'none', bind: 'none' });
  const healthy = await openLiveClient(gateway.wsUrl);
  await healthy.subscribe('*');
  await postRows(gateway.url, 't', [{ n: 1 }]);
  const numbers = Array.from({ length: LINES }, (_, i) => i);
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      for (let i = numbers.pop(); i !== undefined; i = numbers.pop())
        await send(gateway.port, new SeededRandom(i));
    }),
  );
  const version = await postRows(gateway.url, 't', [{ n: 2 }]);
  await healthy.commitAt(version);
  expect(healthy.rows('t')).toEqual([{ n: 2 }]);
  expect(healthy.faults).toEqual([]);
  expect(await readJson(gateway.url, 'healthz')).toEqual({ status: 'ok' });
  const viewers = async () =>
    /tablecast_viewers\{kind="live"\} (\d+)/.exec(
      await (await fetch(new URL('metrics', gateway.url))).text(),
    )?.[1];
  await waitFor(async () => (await viewers()) === '1', { what: 'the others to be gone', timeoutMs: 20_000 });
  healthy.close();
  gateway.kill('SIGTERM');
  expect(await gateway.ended).toEqual({ code: 0, signal: null });
  expect(gateway.stderr()).not.toMatch(/"level":(50|60)/);
});
