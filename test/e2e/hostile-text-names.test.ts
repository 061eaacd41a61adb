import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEvents } from '../support/event-source.ts';
import { scrape } from '../support/exposition.ts';
import { readJson } from '../support/gateway-http.ts';
import { openLiveClient } from '../support/live-client.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';
import { HOSTILE_TABLE_NAMES, HOSTILE_TEXTS, PAYLOADS } from './hostile-texts.ts';

interface Rejections {
  readonly count: number;
  readonly rejections: readonly { readonly table: string | null; readonly code: string }[];
}

let gateway: SpawnedGateway;
let push: PushSocket;

beforeAll(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none' });
  push = openPush(gateway.pull);
});
afterAll(async () => {
  push?.close();
  await gateway?.close();
});

const get = (path: string) => fetch(new URL(path, gateway.url));
async function publish(path: string): Promise<{ version: number }> {
  const headers = { 'content-type': 'text/csv' };
  const response = await fetch(new URL(path, gateway.url), {
    method: 'POST',
    headers,
    body: 'a,n\nx,1\ny,2\n',
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { version: number };
}

describe('hostile names that a table may have', () => {
  test.each(HOSTILE_TABLE_NAMES)('%s is a table like any other', async (name) => {
    const path = `tables/${encodeURIComponent(name)}`;
    const events = await openEvents(gateway.url, `?table=${encodeURIComponent(name)}&image=svg`);
    const client = await openLiveClient(gateway.wsUrl);
    await client.subscribe([name]);
    const { version } = await publish(path);
    expect(await readJson(gateway.url, `${path}.json`)).toEqual([
      { a: 'x', n: 1 },
      { a: 'y', n: 2 },
    ]);
    expect(await readJson(gateway.url, path)).toMatchObject({ name, rows: 2, last_error: null });
    await client.commitAt(version);
    expect([client.rows(name)?.length, client.tables()]).toEqual([2, [name]]);
    const { data } = await events.next('update_image');
    const src = `data:image/svg+xml;base64,${Buffer.from(await (await get(`${path}/chart.svg`)).text()).toString('base64')}`;
    expect(data).toEqual({ table: name, version, src });
    const { samples } = await scrape(gateway.url);
    expect(samples.get(`tablecast_table_rows{table="${name}"}`)).toBe(2);
    client.close();
    events.close();
    expect((await fetch(new URL(path, gateway.url), { method: 'DELETE' })).status).toBe(200);
    expect((await get(path)).status).toBe(404);
  });
});

test('1,000 hostile texts as names of tables are refused or taken, and neither lists nor metrics break', async () => {
  await publish('tables/arrow');
  const arrow = new Uint8Array(await (await get('tables/arrow.arrow')).arrayBuffer());
  const before = await scrape(gateway.url);
  const { count } = await readJson<Rejections>(gateway.url, 'rejections');
  for (const text of HOSTILE_TEXTS) await push.publish(Buffer.from(text), arrow);
  await push.publish('last', arrow);
  await waitFor(async () => (await get('tables/last')).ok, { what: 'the last table' });
  const after = await scrape(gateway.url);
  const added = (name: string) => after.samples.get(name)! - (before.samples.get(name) ?? 0);
  const refused = added('tablecast_rejections_total{code="bad_name"}');
  expect(refused + added('tablecast_publications_total{source="pull"}')).toBe(1001);
  expect(refused).toBeGreaterThan(700);
  const listed = await readJson<Rejections>(gateway.url, 'rejections');
  expect([listed.count - count, listed.rejections.length]).toEqual([refused, 100]);
  expect(new Set(listed.rejections.map(({ code }) => code))).toEqual(new Set(['bad_name']));
  const { tables } = await readJson<{ tables: { name: string }[] }>(gateway.url, 'tables');
  expect(tables.length).toBe(1003 - refused - 1);
});

describe('charts with hostile titles', () => {
  const titles = PAYLOADS.filter((title) => title.length <= 200);
  const foreign = /<(script|img|iframe|a|image|foreignObject)[\s>/]/i;

  test.each(['json', 'svg', 'html', 'png'] as const)(
    'are drawn as %s, which holds them as texts',
    async (format) => {
      await publish('tables/charted');
      for (const title of titles) {
        const response = await get(`tables/charted/chart.${format}?title=${encodeURIComponent(title)}`);
        const body = Buffer.from(await response.arrayBuffer());
        expect([title, response.status], body.toString()).toEqual([title, 200]);
        if (format === 'json') expect(body.toString()).toContain(JSON.stringify(title));
        if (format === 'svg') expect(body.toString()).not.toMatch(foreign);
        if (format === 'html') expect(body.toString().match(/<script/gi)).toHaveLength(3);
        if (format === 'png') expect(body.subarray(1, 4).toString()).toBe('PNG');
      }
    },
  );

  test('leave the charts that are drawn later as they were', async () => {
    const before = await (await get('tables/charted/chart.svg?width=333')).text();
    for (const title of titles) await get(`tables/charted/chart.svg?title=${encodeURIComponent(title)}`);
    await publish('tables/charted');
    const classes = (svg: string) => svg.replaceAll(/zr\d+-\w+-\d+/g, '');
    const after = await (await get('tables/charted/chart.svg?width=333')).text();
    expect(classes(after)).toBe(classes(before));
  });
});
