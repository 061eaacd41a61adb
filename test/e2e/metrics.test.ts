import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { readDocument, tableRows } from '../docs/markdown.ts';
import { arrowOf, busMessage } from '../support/arrow-messages.ts';
import { type EventSourceClient, openEvents } from '../support/event-source.ts';
import { type Exposition, metricsOfDashboard, scrape } from '../support/exposition.ts';
import { postRows, readJson } from '../support/gateway-http.ts';
import { type LiveClient, openLiveClient } from '../support/live-client.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

let gateway: SpawnedGateway;
let push: PushSocket;
let clients: { close(): void }[] = [];

beforeEach(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none' });
  push = openPush(gateway.pull);
});
afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  push.close();
  await gateway.close();
});

async function view(): Promise<LiveClient> {
  const client = await openLiveClient(gateway.wsUrl);
  clients.push(client);
  return client;
}
async function follow(query = ''): Promise<EventSourceClient> {
  const client = await openEvents(gateway.url, query);
  clients.push(client);
  await client.next('commit');
  return client;
}
const update = () => readJson<{ version: number }>(gateway.url, 'update_data');
const value = ({ samples }: Exposition, name: string) => samples.get(`tablecast_${name}`) ?? 0;
/** Scrapes until the metric has that value: what the bus and connections bring comes on its own time. */
const reaches = (name: string, wanted: number) =>
  waitFor(
    async () => {
      const scraped = await scrape(gateway.url);
      return value(scraped, name) === wanted && scraped;
    },
    { what: `${name} to be ${wanted}` },
  );

test('/metrics is the Prometheus text format, and every name begins with tablecast_', async () => {
  const { contentType, samples, types } = await scrape(gateway.url);
  expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  for (const name of types.keys()) expect(name).toMatch(/^tablecast_[a-z0-9_]+$/);
  for (const [name, type] of types) {
    // The library has named Node's own.
    if (name.startsWith('tablecast_nodejs_')) continue;
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
  }
  expect(samples.get('tablecast_process_resident_memory_bytes')).toBeGreaterThan(1e6);
});

test('what comes in is counted exactly: publications, bytes, rows, commits, rejections', async () => {
  const sizes = (frames: (string | Uint8Array)[]) =>
    frames.reduce((sum, frame) => sum + Buffer.byteLength(frame), 0);
  const message = busMessage('a', [{ n: 1 }, { n: 2 }], { op: 'append' });
  const posted = arrowOf([{ n: 1 }, { n: 2 }, { n: 3 }]);
  for (let i = 0; i < 7; i++) await push.send(...message);
  await postRows(gateway.url, 'b', [{ n: 1 }, { n: 2 }, { n: 3 }]);
  await push.send('a', 'no arrow');
  await push.send('$bad', 'no arrow');
  const scraped = await reaches('rejections_total{code="bad_name"}', 1);
  const version = value(scraped, 'version');
  expect({
    pull: value(scraped, 'publications_total{source="pull"}'),
    http: value(scraped, 'publications_total{source="http"}'),
    sub: value(scraped, 'publications_total{source="sub"}'),
    bytes: value(scraped, 'publication_bytes_total'),
    rows: value(scraped, 'rows_total'),
    notArrow: value(scraped, 'rejections_total{code="not_arrow"}'),
    commits: value(scraped, 'commits_total'),
  }).toEqual({
    pull: 7,
    http: 1,
    sub: 0,
    bytes: 7 * sizes(message) + posted.length,
    rows: 17,
    notArrow: 1,
    commits: version,
  });
});

test('what is there is told as it is: tables, rows, stage', async () => {
  await postRows(gateway.url, 'a', [{ n: 1 }, { n: 2 }]);
  await postRows(gateway.url, 'ü-ber', [{ n: 1 }]);
  for (let i = 0; i < 3; i++) await postRows(gateway.url, 'a', [{ n: 3 }], '?op=append&commit=hold');
  const held = arrowOf([{ n: 3 }]).length;
  const before = await scrape(gateway.url);
  const read = (scraped: Exposition) =>
    ['tables', 'stored_rows', 'table_rows{table="a"}', 'table_rows{table="ü-ber"}'].map((name) =>
      value(scraped, name),
    );
  expect(read(before)).toEqual([2, 3, 2, 1]);
  expect([value(before, 'staged_publications'), value(before, 'staged_bytes')]).toEqual([3, 3 * held]);
  await update();
  await fetch(new URL('tables/%C3%BC-ber', gateway.url), { method: 'DELETE' });
  const after = await scrape(gateway.url);
  expect(read(after)).toEqual([1, 5, 5, 0]);
  expect([value(after, 'staged_publications'), value(after, 'staged_bytes')]).toEqual([0, 0]);
  expect(after.samples.has('tablecast_table_rows{table="ü-ber"}')).toBe(false);
});

test('of thousands of tables the largest fifty alone have labels', async () => {
  for (let i = 0; i < 120; i++) await push.publish(`t${i}`, Array(i === 100 ? 500 : 1).fill({ n: 1 }));
  const { samples } = await reaches('tables', 120);
  for (const name of ['table_rows', 'table_bytes']) {
    const labelled = [...samples.keys()].filter((sample) => sample.startsWith(`tablecast_${name}{`));
    expect(labelled).toHaveLength(50);
    expect(labelled).toContain(`tablecast_${name}{table="t100"}`);
  }
});

test('viewers, and the bytes that go to them, are counted by route', async () => {
  const events = await follow('?table=a');
  const viewer = await view();
  await viewer.subscribe('*');
  await view();
  const before = await scrape(gateway.url);
  expect([value(before, 'viewers{kind="live"}'), value(before, 'viewers{kind="events"}')]).toEqual([2, 1]);
  await viewer.commitAt(await postRows(gateway.url, 'a', [{ n: 1 }]));
  await events.next('commit');
  const after = await scrape(gateway.url);
  expect(value(after, 'viewer_bytes_total{kind="events"}')).toBe(
    events.text().length - 'retry: 1000\n\n'.length - (events.text().match(/^:\n\n/gm) ?? []).length * 3,
  );
  expect(value(after, 'viewer_bytes_total{kind="live"}')).toBeGreaterThan(
    value(before, 'viewer_bytes_total{kind="live"}'),
  );
  for (const client of clients.splice(0)) client.close();
  await reaches('viewers{kind="live"}', 0);
  await reaches('viewers{kind="events"}', 0);
});

describe('durations from sending', () => {
  const counts = async () => {
    const scraped = await scrape(gateway.url);
    const read = (name: string) => value(scraped, `publish_to_${name}_seconds_count`);
    return { commit: read('commit'), rendered: read('rendered') };
  };
  const send = (table: string, sent_at_ms?: number, more: object = {}) =>
    push.publish(table, [{ n: 1 }], {
      op: 'append',
      ...more,
      ...(sent_at_ms === undefined ? {} : { sent_at_ms }),
    });

  test('to the commit: of publications that say when, with clocks that agree', async () => {
    await send('a', Date.now());
    await send('a');
    await send('a', Date.now() + 3_600_000);
    await send('a', Date.now(), { commit: 'hold' });
    await reaches('staged_publications', 1);
    await reaches('publications_total{source="pull"}', 4);
    expect((await counts()).commit).toBe(1);
    await update();
    const scraped = await scrape(gateway.url);
    expect(value(scraped, 'publish_to_commit_seconds_count')).toBe(2);
    expect(value(scraped, 'publish_to_commit_seconds_bucket{le="+Inf"}')).toBe(2);
    expect(value(scraped, 'publish_to_commit_seconds_bucket{le="30"}')).toBe(2);
  });

  test("to the screen: once, by the first of the table's viewers", async () => {
    const [first, second, other] = [await view(), await view(), await view()];
    await first.subscribe(['a'], { renders: true });
    await second.subscribe(['a'], { renders: true });
    await other.subscribe(['b'], { renders: true });
    await send('a', Date.now());
    const drawn = async (client: LiveClient, { version }: { version: number }) => {
      client.send({ type: 'rendered', version });
      // Its answer says that what came before was taken.
      client.send('no message');
      await client.next('error');
    };
    await drawn(other, await other.commitAt(1));
    expect(await counts()).toEqual({ commit: 1, rendered: 0 });
    await drawn(first, await first.commitAt(1));
    expect(await counts()).toEqual({ commit: 1, rendered: 1 });
    await drawn(second, await second.commitAt(1));
    const late = await view();
    await drawn(late, await late.subscribe(['a'], { renders: true }));
    expect(await counts()).toEqual({ commit: 1, rendered: 1 });
  });
});

test('the protocol lists the metrics that there are, with their types', async () => {
  const listed = tableRows(readDocument('protocol/PROTOCOL.md'), ['metric', 'type', 'label', 'meaning']);
  // Those of a shared log are there with one, and those of workers with them.
  const always = listed.filter((cells) => !/with `--(log|workers)`/.test(cells.at(-1) ?? ''));
  const documented = always.flatMap(([names = '', type = '']) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => `${name} ${type}`),
  );
  const { types } = await scrape(gateway.url);
  const ours = [...types].filter(([name]) => !/^tablecast_(nodejs|process)_/.test(name));
  expect(ours.map(([name, type]) => `${name} ${type}`).toSorted()).toEqual(documented.toSorted());
});

test('the Grafana dashboard asks for metrics that there are', async () => {
  await push.send('$bad', 'no arrow');
  await postRows(gateway.url, 'a', [{ n: 1 }]);
  const { samples } = await reaches('rejections_total{code="bad_name"}', 1);
  const names = new Set([...samples.keys()].map((sample) => sample.split('{')[0]!));
  const asked = metricsOfDashboard(join(projectRoot, 'deploy/grafana/tablecast.json'));
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((name) => !names.has(name))).toEqual([]);
});
