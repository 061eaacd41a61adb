import { jetstreamManager } from '@nats-io/jetstream';
import { connect as connectNats } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../ui/client/node.ts';
import { arrowOf } from '../support/arrow-messages.ts';
import { openDrawingViewer } from '../support/drawing-viewer.ts';
import { postRows, readJson, readTable } from '../support/gateway-http.ts';
import { openLiveClient } from '../support/live-client.ts';
import { type NatsServer, natsServerPath, natsTitle, startNatsServer } from '../support/nats-server.ts';
import { openPush } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

interface Status {
  readonly epoch: string;
  readonly version: number;
}

describe.skipIf(natsServerPath === null)(`gateways on one shared log${natsTitle}`, () => {
  let server: NatsServer;
  /** They go on from test to test; one that is killed is followed by another. */
  let gateways: SpawnedGateway[] = [];
  beforeAll(async () => {
    server = await startNatsServer();
    gateways = await Promise.all([spawn(), spawn()]);
  });
  afterAll(async () => {
    for (const gateway of gateways) expect((await gateway.close()).code).toBe(0);
    await server.close();
  });

  const spawn = () => spawnGateway({ args: ['--log', server.url], readyTimeoutMs: 60_000 });
  const pair = async () => {
    while (gateways.length < 2) gateways.push(await spawn());
    return gateways as [SpawnedGateway, SpawnedGateway];
  };
  const killFirst = async () => {
    const [first] = gateways.splice(0, 1);
    first!.kill('SIGKILL');
    await first!.ended;
  };
  const status = ({ url }: SpawnedGateway) => readJson<Status>(url, 'readyz');
  const at = (gateway: SpawnedGateway, version: number) =>
    waitFor(async () => (await status(gateway)).version >= version, {
      what: `version ${version}`,
      timeoutMs: 20_000,
    });
  const update = async ({ url }: SpawnedGateway, query = '') => {
    const response = await fetch(new URL(`update_data${query}`, url), { method: 'POST' });
    return (await response.json()) as { version: number; tables: string[]; rows: number; viewers: number };
  };

  test('any gateway takes any publication and commit, and all show the same', async () => {
    const [a, b] = await pair();
    expect((await status(a)).epoch).toBe((await status(b)).epoch);
    const viewer = await openLiveClient(b.wsUrl);
    await viewer.subscribe('*');
    const rows = Array.from({ length: 20 }, (_, k) => ({ k: `key ${k}`, n: k }));
    expect(await postRows(a.url, 'prices', rows, '?key=k')).toBe(1);
    await viewer.commitAt(1);
    expect(viewer.rows('prices')).toHaveLength(20);
    // The table's key holds at both, whoever was told of it.
    expect(await postRows(b.url, 'prices', [{ k: 'key 3', n: 33 }])).toBe(2);
    await postRows(b.url, 'held', [{ n: 1 }], '?commit=hold');
    expect(await update(a, '?table=held')).toMatchObject({ version: 3, tables: ['held'], rows: 1 });
    await viewer.commitAt(3);
    await at(b, 3);
    expect(await readTable(b.url, 'prices')).toEqual(await readTable(a.url, 'prices'));
    expect(await readTable(b.url, 'held')).toMatchObject({ version: 3, rows: [{ n: 1 }] });
    expect(viewer.faults).toEqual([]);
    viewer.close();
  });

  test('wait=rendered waits for the viewers of all gateways, and counts them', async () => {
    const [a, b] = await pair();
    const viewers = await Promise.all([
      openDrawingViewer(a.wsUrl, { renders: true }),
      openDrawingViewer(b.wsUrl, { renders: true }),
      openDrawingViewer(b.wsUrl, { renders: true, drawsAtOnce: false }),
      openDrawingViewer(b.wsUrl, { renders: false }),
    ]);
    for (const viewer of viewers) await viewer.synced();
    const rendered = (timeoutMs: number) => update(a, `?wait=rendered&timeout_ms=${timeoutMs}`);
    await waitFor(async () => (await update(a)).viewers === 4, { what: 'all viewers', timeoutMs: 20_000 });
    expect(await rendered(5000)).toMatchObject({ viewers: 4, rendered: 2, pending: 1, hidden: 0 });
    viewers[2]!.drawsAtOnce = true;
    expect(await rendered(30_000)).toMatchObject({
      viewers: 4,
      rendered: 3,
      pending: 0,
      p50_ms: expect.any(Number),
    });
    for (const viewer of viewers) viewer.close();
  });

  test('a client that knows several gateways goes on at another where one is killed', async () => {
    const [a, b] = await pair();
    const client = connect([a.url, b.url]);
    const subscription = client.subscribe('followed');
    const becomesEqual = async () => {
      const query = 'tables/followed?content_hash=true';
      const { content_hash } = await readJson<{ content_hash: string }>(b.url, query);
      await waitFor(() => subscription.table('followed')?.contentHash() === content_hash, {
        what: 'the same as at the second gateway',
        timeoutMs: 20_000,
      });
    };
    await postRows(b.url, 'followed', [{ k: 'a', n: 1 }], '?key=k');
    await becomesEqual();
    expect(client.url).toBe(a.url);
    await killFirst();
    const version = await postRows(b.url, 'followed', [{ k: 'b', n: 2 }]);
    await becomesEqual();
    expect(client.url).toBe(b.url);
    expect(subscription.table('followed')?.rowCount).toBe(2);
    expect(await client.updateData()).toMatchObject({ version: version + 1 });
    client.close();
  });

  test('a viewer of a gateway that is killed goes on at another, without a snapshot', async () => {
    const [a, b] = await pair();
    const first = await openLiveClient(a.wsUrl);
    await postRows(a.url, 't', [{ n: 1 }], '?op=append');
    await first.subscribe(['t']);
    const version = await postRows(a.url, 't', [{ n: 2 }], '?op=append');
    await first.commitAt(version);
    await killFirst();
    expect(await postRows(b.url, 't', [{ n: 3 }], '?op=append')).toBe(version + 1);
    const second = await openLiveClient(b.wsUrl, { replica: first.replica });
    const { epoch } = await second.next('hello');
    const answer = await second.subscribe(['t'], { since: { epoch, version } });
    const change = { table: 't', op: 'append', rows: 1, snapshot: false };
    expect(answer).toMatchObject({ version: version + 1, changes: [change] });
    expect(second.rows('t')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    second.close();
    // A gateway that begins later has everything.
    const [, later] = await pair();
    expect(await status(later)).toMatchObject({ epoch, version: version + 1 });
    expect(await readTable(later.url, 't')).toEqual(await readTable(b.url, 't'));
  });

  test('while the servers are away a gateway shows what it has, refuses what wants an answer and keeps the rest', async () => {
    const [gateway] = await pair();
    const push = openPush(gateway.pull);
    const publish = (n: number) => push.publish('bus', arrowOf([{ n }]), { op: 'append' });
    const rows = async () => (await readTable(gateway.url, 'bus'))?.rows.length;
    const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code;
    await publish(0);
    await waitFor(async () => (await rows()) === 1, { what: 'the first row', timeoutMs: 20_000 });
    await server.stop('SIGKILL');
    const ready = () => fetch(new URL('readyz', gateway.url));
    await waitFor(async () => (await ready()).status === 503, { what: 'not ready', timeoutMs: 20_000 });
    expect(await codeOf(await ready())).toBe('log_unavailable');
    const answers = [0, 1].map(() => fetch(new URL('update_data', gateway.url), { method: 'POST' }));
    for (let n = 1; n <= 20; n++) await publish(n);
    for (const answer of await Promise.all(answers))
      expect([answer.status, await codeOf(answer)]).toEqual([503, 'log_unavailable']);
    expect(await rows()).toBe(1);
    expect(await (await fetch(new URL('metrics', gateway.url))).text()).toContain(
      'tablecast_log_connected 0',
    );
    await server.start();
    await waitFor(async () => (await rows()) === 21, {
      what: 'what was pushed meanwhile',
      timeoutMs: 30_000,
    });
    await waitFor(async () => (await ready()).status === 200, { what: 'ready', timeoutMs: 20_000 });
    expect(await readJson(gateway.url, 'rejections')).toMatchObject({ count: 0 });
    push.close();
  });

  test('gateways whose stream is removed end and say so, and begin anew when they are started again', async () => {
    const [first] = await pair();
    const { epoch } = await status(first);
    const connection = await connectNats({ servers: server.url });
    await (await jetstreamManager(connection)).streams.delete('tablecast');
    await connection.close();
    for (const gateway of gateways.splice(0)) {
      expect((await gateway.ended).code).toBe(1);
      expect(gateway.stderr()).toMatch(
        /^error: The next message of the log is .* Start the gateway again\.$/m,
      );
    }
    const [again] = await pair();
    expect(await readJson(again.url, 'tables')).toMatchObject({ version: 0, tables: [] });
    expect((await status(again)).epoch).not.toBe(epoch);
  });
});
