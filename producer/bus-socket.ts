import { Push, XPublisher } from 'zeromq';
import { LIVENESS } from '../protocol/bus-liveness.ts';
import { TablecastError } from '../protocol/errors.ts';
import { openCurveSocket, type ProducerKeys } from './curve-socket.ts';

export type Addresses = string | readonly string[];

const COMMON = {
  ...LIVENESS,
  // In messages: beyond it XPUB drops and PUSH waits.
  sendHighWaterMark: 1_000,
  maxMessageSize: 64 * 1024,
};

/**
 * `lingerMs`: how long the socket goes on sending what it holds after `close()`, at most.
 *
 * @returns the socket, and what it is bound to, with the port that was chosen where `*` was asked for
 * @throws TablecastError `bad_parameter` naming the address that cannot be used
 */
export function openXPub(
  bind: Addresses,
  connect: Addresses,
  lingerMs: number,
  keys?: ProducerKeys,
): { socket: XPublisher; endpoints: string[]; close: () => void } {
  const all = [...list(bind), ...list(connect)];
  const binds = list(bind).length > 0;
  if (keys !== undefined && binds && list(connect).length > 0) {
    throw new TablecastError(
      'bad_parameter',
      'With keys a producer binds or connects, not both: make two producers.',
    );
  }
  const curve = openCurveSocket(keys, binds ? 'server' : 'client');
  const socket = new XPublisher({
    ...COMMON,
    ...curve.security,
    linger: lingerMs,
    ipv6: all.some(isIpv6),
  });
  const close = () => {
    socket.close();
    curve.close();
  };
  // Repeated subscriptions too: a second gateway asks for the same `$resync.` topic.
  socket.verbosity = 'allSubs';
  const endpoints: string[] = [];
  attach(close, list(bind), (address) => {
    socket.bindSync(address);
    endpoints.push(socket.lastEndpoint ?? address);
  });
  attach(close, list(connect), (address) => socket.connect(address));
  return { socket, endpoints, close };
}

/**
 * @returns the socket, and the peers that it is connected to at the moment
 * @throws TablecastError `bad_parameter` naming the address that cannot be used
 */
export function openPush(
  connect: Addresses,
  lingerMs: number,
  keys?: ProducerKeys,
): { socket: Push; peers: ReadonlySet<string> } {
  const { security } = openCurveSocket(keys, 'client');
  const socket = new Push({ ...COMMON, ...security, linger: lingerMs, ipv6: list(connect).some(isIpv6) });
  const peers = new Set<string>();
  // Listeners that come after connect() miss its events.
  socket.events.on('handshake', ({ address }) => peers.add(address));
  socket.events.on('disconnect', ({ address }) => peers.delete(address));
  attach(
    () => socket.close(),
    list(connect),
    (address) => socket.connect(address),
  );
  return { socket, peers };
}

function attach(close: () => void, addresses: readonly string[], use: (address: string) => void): void {
  for (const address of addresses) {
    try {
      use(address);
    } catch (cause) {
      close();
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      throw new TablecastError('bad_parameter', `${address}: ${explain(code)}`, { cause });
    }
  }
}

function explain(code: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return 'the address is in use; end the program that uses it or choose another port.';
    case 'EACCES':
      return 'this user may not use the address; choose a port above 1023.';
    case 'EADDRNOTAVAIL':
    case 'ENODEV':
      return 'this machine has no such address; use one of its own, such as tcp://127.0.0.1:5411.';
    default:
      return `it is no address to use (${code}); write it as tcp://127.0.0.1:5411.`;
  }
}

export function list(addresses: Addresses): readonly string[] {
  return typeof addresses === 'string' ? [addresses] : addresses;
}

function isIpv6(address: string): boolean {
  return address.includes('[');
}
