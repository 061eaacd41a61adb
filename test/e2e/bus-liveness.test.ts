import { afterEach, expect, test } from 'vitest';
import { createProducer } from '../../producer/producer.ts';
import { freePort } from '../support/free-port.ts';
import { readTable } from '../support/gateway-http.ts';
import { openSlowLine } from '../support/slow-line.ts';
import { spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});
function closing<T extends { close(): unknown }>(one: T): T {
  opened.push(one);
  return one;
}

async function start() {
  const port = await freePort();
  const producer = closing(createProducer({ bind: `tcp://127.0.0.1:${port}` }));
  const line = closing(await openSlowLine(port));
  const connect = `tcp://127.0.0.1:${line.port}`;
  const gateway = closing(
    await spawnGateway({ connect, bind: 'none', pull: 'none', readyTimeoutMs: 60_000 }),
  );
  const shown = (table: string) =>
    waitFor(() => readTable(gateway.url, table), { what: `the table ${table}`, timeoutMs: 60_000 });
  return { producer, line, shown };
}

test('a line that falls silent without an end is made anew', async () => {
  const { producer, line, shown } = await start();
  await producer.publish('before', [{ n: 1 }]);
  await shown('before');
  line.freezeAll();
  await producer.publish('after', [{ n: 1 }]);
  expect((await shown('after')).rows).toEqual([{ n: 1 }]);
  expect(line.connections).toBeGreaterThan(1);
});

test('a large message that takes longer than a heartbeat does not break its line', async () => {
  const { producer, line, shown } = await start();
  await producer.publish('before', [{ n: 1 }]);
  await shown('before');
  line.bytesPerSecond = 1_000_000;
  await producer.publish('large', { text: ['x'.repeat(4_500_000)] });
  await shown('large');
  expect(line.connections).toBe(1);
});
