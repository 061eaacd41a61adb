const host = 'Host: 127.0.0.1\r\nConnection: close\r\n';
const websocket = 'Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';

/** Bytes that are no request as it should be, each with what the refusal says of it; null where it is answered. */
export const MALFORMED: readonly (readonly [string, string, RegExp | null])[] = [
  ['an unknown method', `BREW /tables HTTP/1.1\r\n${host}\r\n`, /method/],
  ['no HTTP at all', 'SSH-2.0-OpenSSH_9.9\r\n\r\n', /HTTP/],
  ['a length that is none', `POST /tables/a HTTP/1.1\r\n${host}Content-Length: x\r\n\r\n`, /Content-Length/],
  [
    'two lengths',
    `POST /tables/a HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n`,
    /Content-Length/,
  ],
  ['a broken chunk', `POST /tables/a HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, /chunk/],
  ['a header of 20 kB', `GET /tables HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`, /Header overflow/],
  ['a path of 20 kB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, /Header overflow/],
  ['a header with a line break', `GET /tables HTTP/1.1\r\n${host}X: a\rb\r\n\r\n`, /HTTP/],
  ['no Host', 'GET /tables HTTP/1.1\r\nConnection: close\r\n\r\n', /Host/],
  [
    'another protocol to upgrade to',
    'GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close, Upgrade\r\nUpgrade: h2c\r\n\r\n',
    /WebSocket/,
  ],
  [
    'a WebSocket without a key',
    `GET /live HTTP/1.1\r\n${websocket}Sec-WebSocket-Version: 13\r\n\r\n`,
    /Sec-WebSocket-Key/,
  ],
  [
    'a WebSocket of another version',
    `GET /live HTTP/1.1\r\n${websocket}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 99\r\n\r\n`,
    /Sec-WebSocket-Version/,
  ],
  ['an expectation that nobody knows', `GET /tables HTTP/1.1\r\n${host}Expect: wonders\r\n\r\n`, null],
  ['a request of HTTP/1.0', 'GET /tables HTTP/1.0\r\n\r\n', null],
  ['a body where none is expected', `GET /tables HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\nabc`, null],
];
