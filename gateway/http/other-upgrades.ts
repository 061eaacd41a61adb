import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Headers that ask for another protocol on this connection alone (RFC 9110, 7.8; RFC 7540, 3.2.1). */
const UPGRADING = new Set(['upgrade', 'http2-settings']);

/**
 * Passes over an `Upgrade` to anything but a WebSocket, as a server may (RFC 9110, 7.8): the request is answered as if it had
 * not asked. Java's HTTP client asks so for HTTP/2 by itself. Node has no say in which upgrades a server takes before
 * version 24, and would leave such a request's body unread. Call it once the WebSocket's own listener is there.
 */
export function passOverOtherUpgrades(server: Server): void {
  const listeners = server.listeners('upgrade');
  const lastAnswers = new WeakMap<Duplex, ServerResponse>();
  server.removeAllListeners('upgrade');
  server.on('request', ({ socket }, answer) => void lastAnswers.set(socket, answer));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() === 'websocket') {
      for (const listener of listeners) listener.call(server, request, socket, head);
      return;
    }
    const destroy = () => void socket.destroy();
    const again = (): void => {
      socket.off('error', destroy);
      if (socket.destroyed) return;
      socket.unshift(Buffer.concat([headOf(request), head]));
      server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket);
    };
    const before = lastAnswers.get(socket);
    // Answers of one connection go out in order, and Node sees to that only among those that it has read in one go.
    if (before === undefined || before.writableFinished) return again();
    // Node has taken its own listener off the socket, and a reset that nobody listens for would end the process.
    socket.on('error', destroy);
    before.once('finish', again);
  });
}

/** The request as it came, up to its body, without what asks for the upgrade. */
function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    const lower = name.toLowerCase();
    if (lower === 'connection') lines.push(`${name}: ${withoutUpgrading(value)}`);
    else if (!UPGRADING.has(lower)) lines.push(`${name}: ${value}`);
  }
  // Node reads headers as Latin-1.
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function withoutUpgrading(connection: string): string {
  const options = connection.split(',').map((option) => option.trim());
  return options.filter((option) => !UPGRADING.has(option.toLowerCase())).join(', ');
}
