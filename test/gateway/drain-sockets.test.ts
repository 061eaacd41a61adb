import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { type DrainedSocket, drainSockets } from '../../gateway/bus/drain-sockets.ts';

function holdTheLoop(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}

test('a message that waits while the event loop is held is received before the sockets are closed', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const peer = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [receiver] = (await once(server, 'connection')) as [Socket];
  let received = 0;
  receiver.on('data', () => received++);
  const source: DrainedSocket = {
    bound: ['here'],
    isReceiving: true,
    get received() {
      return received;
    },
    socket: {
      disconnect() {
        // After what has come was received, and before timers are due.
        setImmediate(() => {
          peer.write('x');
          holdTheLoop(50);
        });
      },
    },
  };
  await drainSockets([source]);
  expect(received).toBe(1);
  peer.destroy();
  server.close();
});

test('a producer that was connected to is not waited for once the bound sockets are closed to others', async () => {
  const reads = { before: 0, after: 0 };
  let isUnbound = false;
  const bound: DrainedSocket = {
    bound: ['here'],
    isReceiving: true,
    received: 0,
    socket: {
      disconnect: () => {
        isUnbound = true;
      },
    },
  };
  const connected: DrainedSocket = {
    bound: [],
    isReceiving: true,
    socket: { disconnect: () => expect.unreachable() },
    get received() {
      reads[isUnbound ? 'after' : 'before']++;
      return reads.before + reads.after;
    },
  };
  await drainSockets([connected, bound]);
  expect(reads).toEqual({ before: expect.any(Number), after: 0 });
  expect(isUnbound).toBe(true);
});
