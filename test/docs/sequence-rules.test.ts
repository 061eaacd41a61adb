import { afterEach, expect, test, vi } from 'vitest';
import { XPublisher } from 'zeromq';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { freeAddress } from '../support/free-port.ts';
import { waitFor } from '../support/wait-for.ts';
import { type InProcessGateway, startInProcess } from './in-process-gateway.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function start(config: Parameters<typeof startInProcess>[0] = {}): Promise<InProcessGateway> {
  const gateway = await startInProcess(config);
  opened.push(gateway);
  return gateway;
}

const numbered = (gateway: InProcessGateway, seq: number, header: object = { op: 'append' }) =>
  gateway.publish('t', [{ n: seq }], { run: 'r', seq, ...header });
const heartbeat = (gateway: InProcessGateway, seq: number, more: object = {}) =>
  gateway.send('$heartbeat', JSON.stringify({ run: 'r', tables: { t: seq }, ...more }));
const info = async (gateway: InProcessGateway) => (await gateway.request('tables/t')).json;

/** A producer's XPUB socket, and what it is asked for. */
async function openXPub(address: string) {
  const socket = new XPublisher({ linger: 0 });
  opened.push(socket);
  await socket.bind(address);
  const asked = async (topic: string) => {
    for (;;) {
      const [frame] = await socket.receive();
      if (frame?.[0] === 1 && frame.toString('utf8', 1) === topic) return;
    }
  };
  return { socket, asked };
}

test('P35: a number that came before is dropped, and counted', async () => {
  const gateway = await start();
  for (const seq of [1, 2, 2, 1, 3]) numbered(gateway, seq);
  expect(await gateway.rows('t')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  expect(await info(gateway)).toMatchObject({
    checked: true,
    run: 'r',
    seq: 3,
    gaps: 0,
    missing: 0,
    duplicates: 2,
  });
});

test('P35: rows without a key may come late, and other publications may not', async () => {
  const gateway = await start();
  for (const seq of [1, 4, 2]) numbered(gateway, seq);
  expect(await gateway.rows('t')).toEqual([{ n: 1 }, { n: 4 }, { n: 2 }]);
  expect(await info(gateway)).toMatchObject({ gaps: 1, missing: 1, duplicates: 0 });
  numbered(gateway, 3, { op: 'replace' });
  expect(await gateway.rows('t')).toHaveLength(3);
  numbered(gateway, 3);
  expect(await info(gateway)).toMatchObject({ gaps: 1, missing: 0, duplicates: 1 });
});

test('P36: what is missing is said while the table goes on, and what was rejected is not missing', async () => {
  const gateway = await start();
  numbered(gateway, 3);
  numbered(gateway, 6);
  heartbeat(gateway, 8);
  expect(await gateway.rows('t')).toEqual([{ n: 3 }, { n: 6 }]);
  expect(await info(gateway)).toMatchObject({ missing_before: 2, missing: 4, gaps: 2 });
  gateway.publish('u', [{ n: 1 }], { op: 'upsert', run: 'r', seq: 1 });
  gateway.publish('u', [{ n: 1 }], { op: 'append', run: 'r', seq: 2 });
  expect((await gateway.request('tables/u')).json).toMatchObject({ seq: 2, missing: 0, missing_before: 0 });
});

test('P37, P38: a gap is asked for, and closed by a publication of the whole table', async () => {
  const address = await freeAddress();
  const gateway = await start({ connect: [address] });
  const { socket, asked } = await openXPub(address);
  await asked('$resync.');
  const send = (seq: number, rows: number[], header: object) =>
    socket.send(['t', JSON.stringify({ run: 'r', seq, ...header }), fromValues(rows.map((n) => ({ n })))]);
  await send(1, [1], { op: 'append' });
  await send(4, [4], { op: 'append' });
  await asked('$resync.t');
  await send(4, [1, 2, 3, 4], { op: 'replace', snapshot: true });
  await waitFor(async () => ((await gateway.rows('t')) as unknown[]).length === 4, { what: 'the snapshot' });
  expect(await info(gateway)).toMatchObject({ seq: 4, gaps: 1, missing: 0 });
  // One that tells nothing new changes nothing.
  await send(4, [], { op: 'replace', snapshot: true });
  await send(5, [5], { op: 'append' });
  await waitFor(async () => ((await gateway.rows('t')) as unknown[]).length === 5, { what: 'the next rows' });
});

test('P39: a producer without heartbeats for 2.5 s is silent', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
  const gateway = await start();
  const producer = async () => ((await info(gateway)) as { producer: string }).producer;
  numbered(gateway, 1);
  expect(await info(gateway)).toMatchObject({ producer: null, producer_heard_ms: null });
  heartbeat(gateway, 1);
  expect(await info(gateway)).toMatchObject({ producer: 'live', producer_heard_ms: expect.any(Number) });
  vi.advanceTimersByTime(2500);
  expect(await producer()).toBe('live');
  // It is looked at each fifth of a second.
  vi.advanceTimersByTime(200);
  expect(await producer()).toBe('silent');
  heartbeat(gateway, 1);
  expect(await producer()).toBe('live');
});
