import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PlainRow } from '../support/arrow-messages.ts';
import { postRows, readTable } from '../support/gateway-http.ts';
import { type LiveClient, openLiveClient } from '../support/live-client.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

const COMMITS = 60;
const ROWS_PER_COMMIT = 4000;
/** Makes a commit about 1 MB, so that kernel buffers and the viewer's queue are full after a few. */
const PADDING = 'x'.repeat(240);

let gateway: SpawnedGateway;
let slow: LiveClient;
let healthy: LiveClient;

beforeEach(async () => {
  gateway = await spawnGateway();
  [slow, healthy] = [await openLiveClient(gateway.wsUrl), await openLiveClient(gateway.wsUrl)];
  await slow.subscribe('*');
  await healthy.subscribe('*');
});
afterEach(async () => {
  expect([...slow.faults, ...healthy.faults]).toEqual([]);
  slow.close();
  healthy.close();
  await gateway.close();
});

function rowsOf(commit: number, keys: number): PlainRow[] {
  return Array.from({ length: ROWS_PER_COMMIT }, (_, i) => ({
    k: (commit * ROWS_PER_COMMIT + i * 7) % keys,
    n: commit,
    text: PADDING,
  }));
}

/** Publishes while the slow viewer reads nothing; the last version. */
async function publishAll(table: string, query: string, keys: number): Promise<number> {
  let version = 0;
  for (let commit = 1; commit <= COMMITS; commit++) {
    version = await postRows(gateway.url, table, rowsOf(commit, keys), query);
    await healthy.commitAt(version);
  }
  return version;
}

const commitsOf = (client: LiveClient) => client.messages.filter(({ type }) => type === 'commit').length;

describe('a viewer that stops reading', () => {
  test.each([
    ['a table with a key', '?op=upsert&key=k', 6000],
    ['a table without a key', '?op=append', 1],
  ])('gets what it missed as a few merged commits, and holds nobody up: %s', async (_, query, keys) => {
    slow.socket.pause();
    const version = await publishAll('t', query, keys);
    expect(commitsOf(healthy)).toBe(COMMITS + 1);
    slow.socket.resume();
    await slow.commitAt(version, 60_000);
    const held = await readTable(gateway.url, 't');
    expect(held?.version).toBe(version);
    expect(slow.rows('t')).toEqual(held?.rows);
    expect(commitsOf(slow)).toBeLessThan(COMMITS);
  });

  test('hears of a table that was dropped and begun anew meanwhile', async () => {
    slow.socket.pause();
    await publishAll('t', '?op=append', 1);
    await fetch(new URL('tables/t', gateway.url), { method: 'DELETE' });
    await postRows(gateway.url, 'u', [{ n: 1 }]);
    const version = await postRows(gateway.url, 't', [{ m: 2 }], '?op=append');
    slow.socket.resume();
    await slow.commitAt(version, 60_000);
    expect([slow.rows('t'), slow.rows('u')]).toEqual([[{ m: 2 }], [{ n: 1 }]]);
  });
});
