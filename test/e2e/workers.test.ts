import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtProgram } from '../../scripts/prepare/project.mjs';
import { connect } from '../../ui/client/node.ts';
import { arrowOf } from '../support/arrow-messages.ts';
import { openDrawingViewer } from '../support/drawing-viewer.ts';
import { openEvents } from '../support/event-source.ts';
import { postRows, readJson, readTable } from '../support/gateway-http.ts';
import { type LiveClient, openLiveClient } from '../support/live-client.ts';
import { openPush } from '../support/push-socket.ts';
import { rawRequest } from '../support/raw-http.ts';
import { spawnProgram } from '../support/spawn-program.ts';
import { ended, type GatewayWithWorkers, spawnWorkers, viewersOf } from '../support/spawn-workers.ts';
import { waitFor } from '../support/wait-for.ts';

const WORKERS = 3;
/** Little enough that a client has sent all of a body before it is refused. */
const MAX_MESSAGE_BYTES = 50_000;
const canSignal = process.platform !== 'win32';
const CSV = { 'content-type': 'text/csv' };

let gateway: GatewayWithWorkers;
beforeAll(async () => {
  gateway = await spawnWorkers(WORKERS, { args: ['--max-message-bytes', String(MAX_MESSAGE_BYTES)] });
}, 180_000);
afterAll(async () => {
  const pids = [1, 2, 3].map(gateway.pidOf);
  expect((await gateway.close()).code).toBe(0);
  for (const pid of pids) await ended(pid);
});

/** On a connection of its own, and so by any worker. */
async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(new URL(path, gateway.url), { ...init, headers: { ...init.headers, connection: 'close' } });
}

async function askJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  return (await (await ask(path, init)).json()) as T;
}

const everyWorker = <T>(work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: 2 * WORKERS }, (_, i) => work(i)));

const openViewers = () => everyWorker(() => openLiveClient(gateway.wsUrl));

function closeAll(viewers: readonly { close(): void }[]): void {
  for (const viewer of viewers) viewer.close();
}

test('viewers are spread over the workers, and all have what was published by bus, HTTP and /update_data', async () => {
  const viewers = await openViewers();
  for (const viewer of viewers) await viewer.subscribe(['bus', 'posted', 'held']);
  const spread = [...(await viewersOf(gateway.url, viewers.length)).values()];
  expect(spread).toHaveLength(WORKERS);
  expect(Math.min(...spread)).toBeGreaterThan(0);
  const push = openPush(gateway.pull);
  for (let n = 0; n < 20; n++) await push.publish('bus', arrowOf([{ n }]), { op: 'append' });
  const versions = await everyWorker((i) => postRows(gateway.url, 'posted', [{ k: i, n: i }], '?key=k'));
  expect(new Set(versions).size).toBe(versions.length);
  await postRows(gateway.url, 'held', [{ n: 1 }], '?commit=hold');
  const update = await askJson<{ version: number; viewers: number }>('update_data', { method: 'POST' });
  expect(update).toMatchObject({ tables: ['held'], rows: 1, viewers: viewers.length });
  await waitFor(async () => (await readTable(gateway.url, 'bus'))?.rows.length === 20, { what: 'the bus' });
  const { version } = await askJson<{ version: number }>('update_data', { method: 'POST' });
  for (const viewer of viewers) {
    await viewer.commitAt(version, 30_000);
    for (const table of ['bus', 'posted', 'held'])
      expect(viewer.rows(table)).toEqual((await readTable(gateway.url, table))?.rows);
    expect(viewer.faults).toEqual([]);
  }
  push.close();
  closeAll(viewers);
});

test('who was told of a version sees it at once, whichever worker shows it', async () => {
  for (let n = 0; n < 20; n++) {
    const version = await postRows(gateway.url, 'told', [{ n }]);
    const viewer = await openLiveClient(gateway.wsUrl);
    expect((await viewer.subscribe(['told'])).version).toBeGreaterThanOrEqual(version);
    expect(viewer.rows('told')).toEqual([{ n }]);
    viewer.close();
  }
});

test('wait=rendered waits for the viewers of all workers, and counts those alone that draw', async () => {
  const viewers = await everyWorker((i) =>
    openDrawingViewer(gateway.wsUrl, { renders: i > 0, drawsAtOnce: i > 1 }),
  );
  for (const viewer of viewers) await viewer.synced();
  await viewersOf(gateway.url, viewers.length);
  const update = (timeoutMs: number) =>
    askJson(`update_data?wait=rendered&timeout_ms=${timeoutMs}`, { method: 'POST' });
  expect(await update(5000)).toMatchObject({ viewers: 6, rendered: 4, pending: 1, hidden: 0 });
  viewers[1]!.drawsAtOnce = true;
  expect(await update(30_000)).toMatchObject({ viewers: 6, rendered: 5, pending: 0 });
  closeAll(viewers);
});

test('events come to the clients of all workers, and go on from their last one', async () => {
  const clients = await everyWorker(() => openEvents(gateway.url, '?table=told'));
  for (const client of clients) await client.next('commit');
  const version = await postRows(gateway.url, 'told', [{ n: 99 }]);
  for (const client of clients)
    expect((await client.next('commit')).data).toMatchObject({ version, tables: ['told'] });
  closeAll(clients);
});

test('rejections, last errors, idempotency keys and dashboards are the same whichever worker is asked', async () => {
  await postRows(gateway.url, 'typed', [{ n: 1 }]);
  const { count } = await askJson<{ count: number }>('rejections');
  const bad = { method: 'POST', headers: CSV, body: 'n\ntext\n' };
  expect((await ask('tables/typed?op=append', bad)).status).toBe(422);
  const good = { method: 'POST', headers: { ...CSV, 'idempotency-key': 'once' }, body: 'n\n2\n' };
  const answers = await everyWorker(async () => (await ask('tables/typed?op=append', good)).text());
  expect(new Set(answers).size).toBe(1);
  const saved = await ask('dashboards/wall', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ panels: [] }),
  });
  const seen = await everyWorker(async () => [
    (await askJson<{ count: number }>('rejections')).count,
    (await askJson<{ last_error: { code: string } }>('tables/typed')).last_error.code,
    (await readTable(gateway.url, 'typed'))?.rows.length,
    (await ask('dashboards/wall')).status,
    (await ask('dashboards/wall')).headers.get('etag'),
  ]);
  expect(saved.status).toBe(201);
  const expected = [count + 1, 'bad_value', 2, 200, saved.headers.get('etag')];
  for (const each of seen) expect(each).toEqual(expected);
});

test('an upload larger than the limit is refused as by one process', async () => {
  const { count } = await askJson<{ count: number }>('rejections');
  const body = Buffer.alloc(2 * MAX_MESSAGE_BYTES, 'n\n');
  const answers = await everyWorker(() => ask('tables/large', { method: 'POST', headers: CSV, body }));
  for (const answer of answers) {
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'too_large' });
  }
  expect(await askJson('rejections')).toMatchObject({ count: count + answers.length });
});

describe.runIf(canSignal)('where a worker fails', () => {
  const kill = (worker: number, signal: NodeJS.Signals) => process.kill(gateway.pidOf(worker), signal);

  test('viewers of one that is killed go on at others from their version, and it is started again', async () => {
    const viewers = await openViewers();
    await postRows(gateway.url, 'followed', [{ n: 0 }], '?op=append');
    for (const viewer of viewers) await viewer.subscribe(['followed']);
    const { epoch, version } = await askJson<{ epoch: string; version: number }>('readyz');
    const gone: LiveClient[] = [];
    for (const viewer of viewers) void viewer.closed.then(() => gone.push(viewer));
    const [worker, count] = [...(await viewersOf(gateway.url, viewers.length))].find(([, some]) => some > 0)!;
    const killed = gateway.pidOf(worker);
    kill(worker, 'SIGKILL');
    await waitFor(() => gone.length === count, { what: 'its viewers to be cut off' });
    await ended(killed);
    // Connections that `fetch` keeps and that ended with it are known to have ended after a turn.
    await nextTurn();
    for (let n = 1; n <= 5; n++) await postRows(gateway.url, 'followed', [{ n }], '?op=append');
    const rows = Array.from({ length: 6 }, (_, n) => ({ n }));
    for (const { replica } of gone) {
      const again = await openLiveClient(gateway.wsUrl, { replica });
      const { changes } = await again.subscribe(['followed'], { since: { epoch, version } });
      expect(changes.map(({ rows: count, snapshot }) => ({ count, snapshot }))).toEqual([
        { count: 5, snapshot: false },
      ]);
      expect(again.rows('followed')).toEqual(rows);
      again.close();
    }
    await waitFor(() => gateway.pidOf(worker) !== killed, { what: 'another worker', timeoutMs: 60_000 });
    // The new one has what viewers resume from, too.
    for (const viewer of await openViewers()) {
      const { changes } = await viewer.subscribe(['followed'], { since: { epoch, version } });
      expect(changes).toMatchObject([{ rows: 5, snapshot: false }]);
      viewer.close();
    }
    closeAll(viewers);
  }, 120_000);

  test('under load nothing is lost or repeated for programs that follow', async () => {
    const clients = Array.from({ length: 2 * WORKERS }, () => connect(gateway.url));
    const followed = clients.map((client) => client.subscribe('loaded', 'keyed'));
    const push = openPush(gateway.pull);
    const killed = [1, 3].map(gateway.pidOf);
    for (let n = 0; n < 300; n++) {
      await push.publish('loaded', arrowOf([{ n, text: `row ${n}` }]), { op: 'append' });
      await push.publish('keyed', arrowOf([{ k: n % 10, n }]), { op: 'upsert', key: ['k'] });
      if (n === 100) kill(1, 'SIGKILL');
      if (n === 200) kill(3, 'SIGKILL');
    }
    await waitFor(async () => (await readTable(gateway.url, 'loaded'))?.rows.length === 300, {
      what: 'all that was pushed',
    });
    for (const table of ['loaded', 'keyed']) {
      const haveIt = async () => {
        const path = `tables/${table}?content_hash=true`;
        const { content_hash } = await readJson<{ content_hash: string }>(gateway.url, path);
        return followed.every((one) => one.table(table)?.contentHash() === content_hash);
      };
      await waitFor(haveIt, { what: `all followers to have ${table} as it is`, timeoutMs: 60_000 });
    }
    closeAll(clients);
    push.close();
    await waitFor(() => [1, 3].every((worker, i) => gateway.pidOf(worker) !== killed[i]), {
      what: 'others in their places',
      timeoutMs: 60_000,
    });
  }, 180_000);

  test('one that is stopped harms no others, and catches up when it goes on', async () => {
    const viewers = await openViewers();
    for (const viewer of viewers) await viewer.subscribe(['beside']);
    const [worker, count] = [...(await viewersOf(gateway.url, viewers.length))].find(([, some]) => some > 0)!;
    const stopped = gateway.pidOf(worker);
    process.kill(stopped, 'SIGSTOP');
    const push = openPush(gateway.pull);
    const rows = Array.from({ length: 40 }, (_, n) => ({ n }));
    for (const row of rows) await push.publish('beside', arrowOf([row]), { op: 'append' });
    const isWhole = (viewer: LiveClient) => viewer.rows('beside')?.length === rows.length;
    await waitFor(() => viewers.filter(isWhole).length === viewers.length - count, {
      what: 'the viewers of the others',
    });
    // The stopped one may have been handed one connection, and no more.
    const coming = [openLiveClient(gateway.wsUrl), openLiveClient(gateway.wsUrl)];
    const come = await Promise.any(coming);
    await come.subscribe(['beside']);
    expect(come.rows('beside')).toEqual(rows);
    const asked = [1, 2].map(() => rawRequest(new URL('tables/beside.json', gateway.url)));
    expect((await Promise.any(asked)).status).toBe(200);
    process.kill(stopped, 'SIGCONT');
    await Promise.all(asked);
    closeAll(await Promise.all(coming));
    await waitFor(() => viewers.every(isWhole), { what: 'its own viewers' });
    for (const viewer of viewers) {
      expect(viewer.rows('beside')).toEqual(rows);
      expect(viewer.faults).toEqual([]);
    }
    push.close();
    closeAll(viewers);
  });
});

describe('starting and stopping', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tablecast-workers-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('with --data-dir the next start has the same, and a viewer goes on without a snapshot', async () => {
    const args = ['--data-dir', directory];
    const first = await spawnWorkers(2, { args });
    const viewer = await openLiveClient(first.wsUrl);
    await postRows(first.url, 'kept', [{ n: 1 }], '?op=append');
    const { epoch, version } = await viewer.subscribe(['kept']);
    expect((await first.close()).code).toBe(0);
    expect((await viewer.closed).code).toBe(1012);
    const second = await spawnWorkers(2, { args });
    await postRows(second.url, 'kept', [{ n: 2 }], '?op=append');
    const again = await openLiveClient(second.wsUrl, { replica: viewer.replica });
    const answer = await again.subscribe(['kept'], { since: { epoch, version } });
    expect(answer).toMatchObject({ version: version + 1, changes: [{ rows: 1, snapshot: false }] });
    expect(again.rows('kept')).toEqual([{ n: 1 }, { n: 2 }]);
    expect((await second.close()).code).toBe(0);
  }, 240_000);

  test('workers end with the first process, however that ends', async () => {
    const killed = await spawnWorkers(2);
    const viewer = await openLiveClient(killed.wsUrl);
    const pids = [1, 2].map(killed.pidOf);
    killed.kill('SIGKILL');
    await killed.ended;
    expect((await viewer.closed).code).toBe(1012);
    for (const pid of pids) await ended(pid);
  }, 120_000);

  test('a port in use ends it with one line', async () => {
    const sockets = ['--connect', 'none', '--bind', 'none', '--pull', 'none'];
    const program = spawnProgram({
      module: builtProgram('gateway'),
      args: [...sockets, '--workers', '2', '--port', String(gateway.port)],
    });
    expect((await program.ended).code).toBe(1);
    expect(program.stdout()).toBe('');
    expect(program.stderr()).toMatch(/^error: Port \d+ on 127\.0\.0\.1 is in use; [^\n]+\n$/);
  });
});
