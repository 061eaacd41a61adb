import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ConnectionDesk } from '../../gateway/workers/connection-desk.ts';
import { waitFor } from '../support/wait-for.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

/** Takes one connection at a time; `finish` says that it has. */
function fakeWorker(connections: number) {
  const worker = {
    isReady: true,
    answers: true,
    isFree: true,
    connections,
    hand(socket: { destroy(): void }) {
      closing.push(() => socket.destroy());
      worker.connections++;
      worker.isFree = false;
    },
  };
  return worker;
}

async function openDesk(workers: ReturnType<typeof fakeWorker>[]) {
  const desk = new ConnectionDesk({ workers: () => workers });
  closing.push(() => desk.close());
  const port = await desk.listen({ host: '127.0.0.1', port: 0 });
  return {
    desk,
    connect() {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      closing.push(() => socket.destroy());
    },
  };
}

test('connections go to the free worker that has the fewest', async () => {
  const workers = [fakeWorker(3), fakeWorker(1), fakeWorker(2)];
  const { connect } = await openDesk(workers);
  for (let n = 0; n < 3; n++) connect();
  await waitFor(() => workers.every(({ isFree }) => !isFree), { what: 'all to be handed one' });
  expect(workers.map(({ connections }) => connections)).toEqual([4, 2, 3]);
});

type Workers = ReturnType<typeof fakeWorker>[];
const losses: readonly [string, (workers: Workers) => void][] = [
  ['falls silent', ([busy]) => Object.assign(busy!, { answers: false })],
  ['ends', (workers) => workers.shift()],
];
test.each(losses)('a connection that waits for a worker that %s goes to another', async (_what, lose) => {
  const busy = fakeWorker(0);
  const full = fakeWorker(100);
  const workers = [busy, full];
  const { desk, connect } = await openDesk(workers);
  connect();
  await waitFor(() => !busy.isFree, { what: 'the first connection' });
  connect();
  await waitFor(() => desk.waiting === 1, { what: 'the second connection' });
  expect(full.connections).toBe(100);
  lose(workers);
  desk.handOut();
  await waitFor(() => full.connections === 101, { what: 'it to be handed on' });
});
