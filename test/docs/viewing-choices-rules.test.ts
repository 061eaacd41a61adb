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
