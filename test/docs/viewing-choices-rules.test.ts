import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InProcessGateway, startInProcess } from './in-process-gateway.ts';
import { openViewer, type Viewer } from './viewer.ts';

let gateway: InProcessGateway;
let viewer: Viewer;
beforeEach(async () => {
  gateway = await startInProcess({ maxQueuedBytes: 1024 });
  viewer = await openViewer(gateway.url);
});
afterEach(async () => {
  viewer.close();
  await gateway.close();
});

async function subscribe(more: object = {}): Promise<void> {
  viewer.send({ type: 'subscribe', tables: '*', ...more });
  await viewer.commit();
}

test('V15: a viewer that names ahead is sent so many commits, and the rest as one once it has taken them', async () => {
  await subscribe({ ahead: 2 });
  viewer.send({ type: 'taken', version: 0 });
  for (const n of [1, 2]) {
    gateway.publish('t', [{ n }]);
    expect((await viewer.commit()).version).toBe(n);
  }
  for (let n = 3; n <= 9; n++) gateway.publish('t', [{ n }]);
  await expect.poll(() => viewer.heartbeats().at(-1)).toBe(9);
  for (const [type, next] of [
    ['taken', 9],
    ['rendered', 10],
  ] as const) {
    viewer.send({ type, version: next === 9 ? 2 : 9 });
    if (next === 10) gateway.publish('t', [{ n: 10 }]);
    expect((await viewer.commit()).version).toBe(next);
    expect(viewer.rows('t')).toEqual([{ n: next }]);
  }
});

test('V26: a viewer that asks for it is told when a table last came or went, whatever it follows', async () => {
  viewer.send({ type: 'subscribe', tables: ['t'], lists: true });
  const listed = async () => {
    const { version, listed: last } = await viewer.commit();
    return [version, last];
  };
  expect(await listed()).toEqual([0, 0]);
  gateway.publish('t', [{ n: 1 }]);
  expect(await listed()).toEqual([1, 1]);
  gateway.publish('t', [{ n: 2 }]);
  expect(await listed()).toEqual([2, 1]);
  gateway.publish('u', [{ n: 2 }]);
  expect(await listed()).toEqual([3, 3]);
  await gateway.request('tables/u', { method: 'DELETE' });
  expect(await listed()).toEqual([4, 4]);
  await gateway.request('update_data');
  expect(await listed()).toEqual([5, 4]);
});

test('V27: a viewer that rests is told of commits that touch none of its tables as one, with the next heartbeat', async () => {
  gateway.publish('t', [{ n: 1 }]);
  gateway.publish('u', [{ n: 1 }]);
  viewer.send({ type: 'subscribe', tables: ['t'], rests: true, renders: true });
  expect((await viewer.commit()).version).toBe(2);
  for (let n = 2; n <= 9; n++) gateway.publish('u', [{ n }]);
  const later = await viewer.commit();
  expect([later.version, later.changes]).toEqual([10, []]);
  gateway.publish('u', [{ n: 10 }]);
  gateway.publish('t', [{ n: 11 }]);
  expect((await viewer.commit()).version).toBe(12);
  expect(viewer.rows('t')).toEqual([{ n: 11 }]);
});

test('V27: a viewer that rests is told at once where a table came or went', async () => {
  gateway.publish('t', [{ n: 1 }]);
  viewer.send({ type: 'subscribe', tables: ['t'], rests: true });
  await viewer.commit();
  gateway.publish('new', [{ n: 1 }]);
  gateway.publish('new', [{ n: 2 }]);
  expect((await viewer.commit()).version).toBe(2);
});

test('V27: a viewer that rests is told at once where somebody waits for it', async () => {
  gateway.publish('t', [{ n: 1 }]);
  viewer.send({ type: 'subscribe', tables: [], rests: true, renders: true });
  await viewer.commit();
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const beats = viewer.heartbeats().length;
    // The next one is a second away.
    await expect
      .poll(() => viewer.heartbeats().length, { timeout: 5000, interval: 5 })
      .toBeGreaterThan(beats);
    const asked = gateway.request('update_data?wait=rendered&timeout_ms=5000');
    viewer.send({ type: 'rendered', version: (await viewer.commit()).version });
    const { rendered, max_ms } = (await asked).json as { rendered: number; max_ms: number };
    expect(rendered).toBe(1);
    quickestMs = Math.min(quickestMs, max_ms);
  }
  expect(quickestMs).toBeLessThan(500);
});

test('V15: a viewer that was slow gets several versions as one commit, and then has the same rows', async () => {
  await subscribe();
  viewer.socket.pause();
  const last = 60;
  for (let i = 1; i <= last; i++)
    gateway.publish(
      't',
      Array.from({ length: 50_000 }, (_, n) => ({ n: n + i })),
    );
  viewer.socket.resume();
  let commits = 0;
  let seen = 0;
  while (seen < last) {
    seen = (await viewer.commit()).version;
    commits++;
  }
  expect(seen).toBe(last);
  expect(commits).toBeLessThan(last);
  expect(viewer.rows('t')).toEqual(await gateway.rows('t'));
});
