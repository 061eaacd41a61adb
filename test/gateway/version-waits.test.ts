import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ALONE } from '../../gateway/assemble.ts';
import { openEvents } from '../support/event-source.ts';
import { postRows } from '../support/gateway-http.ts';
import { openLiveClient } from '../support/live-client.ts';
import { startInjected } from './injected-gateway.ts';

let close = async () => {};
afterEach(() => close());

const LINKS = [
  ['a gateway of one process', ALONE],
  ['a worker', { ...ALONE, catchUp: async () => {} }],
] as const;

/** A gateway at version 1 that others may be ahead of. */
async function startBehind(maxBehindMs: number, link = ALONE) {
  const history = { maxAgeMs: 60_000, maxBytes: 1 << 20 };
  const { app, gateway, close: closeApp } = await startInjected(history, { maxBehindMs, link });
  close = closeApp;
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const publish = (n: number) => postRows(url, 't', [{ n }], '?op=append');
  await publish(1);
  return { publish, epoch: gateway.log.epoch, url, wsUrl: `ws://127.0.0.1:${port}/live` };
}

describe.each(LINKS)('behind another gateway, at %s', (_name, link) => {
  test('V10: a viewer that another gateway has told more is kept until this one has caught up, and its messages in order', async () => {
    const { publish, epoch, wsUrl } = await startBehind(60_000, link);
    const viewer = await openLiveClient(wsUrl);
    viewer.send({ type: 'subscribe', tables: ['t'], since: { epoch, version: 2 } });
    viewer.send({ type: 'unsubscribe', tables: ['t'] });
    viewer.send({ type: 'subscribe', tables: ['u'] });
    await viewer.next('heartbeat');
    expect(viewer.messages.some(({ type }) => type === 'commit')).toBe(false);
    await publish(2);
    const answers = [await viewer.commitAt(2), await viewer.next('commit')];
    for (const answer of answers) expect(answer).toMatchObject({ version: 2, changes: [] });
    await publish(3);
    expect(await viewer.commitAt(3)).toMatchObject({ version: 3, changes: [] });
    viewer.close();
  });

  test('one that was told what never comes gets a snapshot after a while', async () => {
    const { epoch, wsUrl } = await startBehind(50, link);
    const viewer = await openLiveClient(wsUrl);
    expect(await viewer.subscribe(['t'], { since: { epoch, version: 9 } })).toMatchObject({
      version: 1,
      changes: [{ table: 't', snapshot: true }],
    });
    viewer.close();
  });

  test('one who left meanwhile is not served', async () => {
    const { publish, epoch, wsUrl } = await startBehind(60_000, link);
    const viewer = await openLiveClient(wsUrl);
    viewer.send({ type: 'subscribe', tables: ['t'], since: { epoch, version: 2 } });
    await viewer.next('heartbeat');
    viewer.close();
    await viewer.closed;
    expect(await publish(2)).toBe(2);
  });

  test('events go on after what another gateway has told', async () => {
    const { publish, epoch, url } = await startBehind(60_000, link);
    const opening = openEvents(url, '', { 'last-event-id': `${epoch}:2` });
    await publish(2);
    const events = await opening;
    await publish(3);
    expect((await events.next('commit')).data).toMatchObject({ version: 3 });
    events.close();
  });
});
