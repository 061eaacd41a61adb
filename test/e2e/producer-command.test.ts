import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { puller, subscriber } from '../producer/bus-peer.ts';
import { endsWithin } from '../support/ends-within.ts';
import { freeAddress } from '../support/free-port.ts';
import { spawnProducer } from '../support/spawn-producer.ts';
import type { SpawnedProgram } from '../support/spawn-program.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function spawned(options: Parameters<typeof spawnProducer>[0]): SpawnedProgram {
  const program = spawnProducer(options);
  open.push(program);
  return program;
}

const MAX_STOP_MS = 500;
const IN_TIME = { code: 0, signal: null, isInTime: true };

test.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM'] as const)(
  'on %s it ends with code 0 at once',
  async (signal) => {
    const address = await freeAddress();
    const program = spawned({ bind: address });
    const peer = subscriber(address);
    open.push(peer);
    await peer.next();
    expect(await endsWithin(MAX_STOP_MS, program, signal)).toEqual(IN_TIME);
  },
);

test.skipIf(process.platform === 'win32')('it ends as fast where nobody takes what it pushes', async () => {
  const program = spawned({ push: await freeAddress() });
  await program.printed(/Publishing/);
  expect(await endsWithin(MAX_STOP_MS, program)).toEqual(IN_TIME);
});

test('it publishes the tables of this machine to a gateway that pulls', async () => {
  const peer = puller();
  open.push(peer);
  spawned({ push: peer.endpoint });
  const missing = new Set(['cpu', 'memory', 'processes']);
  while (missing.size > 0) missing.delete((await peer.next()).topic);
});

test('an address in use ends it at once with one line that says what to change', async () => {
  const address = await freeAddress();
  const server = createServer().listen(Number(address.split(':')[2]), '127.0.0.1');
  open.push(server);
  const program = spawned({ bind: address });
  expect((await program.ended).code).toBe(1);
  expect(program.stderr()).toMatch(/^tablecast producer: .*in use.*another port.*\n$/);
});

test('an unknown flag ends it at once with one line', async () => {
  const program = spawned({ args: ['--bnd'] });
  expect((await program.ended).code).toBe(1);
  expect(program.stderr()).toMatch(/^tablecast producer: unknown option '--bnd'.*\n$/);
});
