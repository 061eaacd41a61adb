import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postRows, readJson } from '../support/gateway-http.ts';
import { openLiveClient } from '../support/live-client.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

let gateway: SpawnedGateway;
let push: PushSocket;

const cities = [
  { city: 'Oslo', heat: 4.5, note: 'a' },
  { city: 'Rome', heat: 17, note: 'b' },
];

/** What pyecharts' `dump_options_with_quotes()` gives for a bar chart, shortened. */
const chart = {
  animation: true,
  animationDuration: 1000,
  color: ['#5470c6', '#91cc75'],
  series: [
    {
      type: 'bar',
      name: 'Heat',
      legendHoverLink: true,
      data: [],
      encode: { x: 'city', y: 'heat' },
      label: { show: true, margin: 8, formatter: '{@heat} °C' },
    },
  ],
  legend: [{ data: ['Heat'], selected: {}, show: true }],
  tooltip: { show: true, trigger: 'item', formatter: '{a} <br/>{b}' },
  xAxis: [{ show: true, data: [] }],
  yAxis: [{ show: true }],
  title: [{ show: true, text: 'Heat <script>alert(1)</script>' }],
  toolbox: { show: true, feature: { saveAsImage: {} } },
};

beforeAll(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none' });
  push = openPush(gateway.pull);
});
afterAll(async () => {
  push?.close();
  await gateway?.close();
});

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(new URL(path, gateway.url), { headers });
}

async function publish(table: string, rows: readonly Record<string, string | number>[], header: object) {
  await push.publish(table, rows, header);
}

interface Option {
  readonly series: readonly { readonly type: string; readonly name?: string; readonly data: unknown[] }[];
  readonly title?: unknown;
  readonly dataset?: unknown;
}

describe('the chart of a table', () => {
  beforeAll(async () => {
    await postRows(gateway.url, 'cities', cities);
  });

  test.each([
    ['json', 'application/json; charset=utf-8', '{"'],
    ['svg', 'image/svg+xml; charset=utf-8', '<svg '],
    ['png', 'image/png', '\u0089PNG'],
    ['html', 'text/html; charset=utf-8', '<!doctype html>'],
  ])('is given as %s', async (format, contentType, beginning) => {
    const response = await get(`tables/cities/chart.${format}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(contentType);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.toString('latin1', 0, beginning.length)).toBe(beginning);
  });

  test('V24: is chosen from the schema, or by parameters', async () => {
    const chosen = await readJson<Option>(gateway.url, 'tables/cities/chart.json');
    expect(chosen.series).toMatchObject([{ type: 'bar', data: [17, 4.5] }]);
    const asked = await readJson<Option>(
      gateway.url,
      'tables/cities/chart.json?type=pie&x=note&y=heat&title=Asked',
    );
    expect(asked).toMatchObject({ title: { text: 'Asked' }, series: [{ type: 'pie' }] });
  });

  test('V24: has the size and theme asked for', async () => {
    const svg = await (await get('tables/cities/chart.svg?width=320&height=240&theme=dark')).text();
    expect(svg).toContain('width="320" height="240"');
    expect(svg).toContain('#14181d');
    const png = Buffer.from(await (await get('tables/cities/chart.png?width=320&height=240')).arrayBuffer());
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([320, 240]);
  });

  test('V1, V24: says its version, and is not sent again until the table changes', async () => {
    const first = await get('tables/cities/chart.svg');
    const etag = first.headers.get('etag')!;
    const { epoch, version } = await readJson<{ epoch: string; version: number }>(gateway.url, 'tables');
    expect(first.headers.get('tablecast-version')).toBe(String(version));
    expect(first.headers.get('tablecast-epoch')).toBe(epoch);
    const again = await get('tables/cities/chart.svg', { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get('tables/cities/chart.svg?width=300', { 'if-none-match': etag })).status).toBe(200);
    await postRows(gateway.url, 'cities', cities);
    const changed = await get('tables/cities/chart.svg', { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  test.each([
    ['?type=map', 400, 'bad_parameter', '"type"'],
    ['?width=99', 400, 'bad_parameter', '"width"'],
    ['?height=1000000', 400, 'bad_parameter', '"height"'],
    ['?theme=blue', 400, 'bad_parameter', '"theme"'],
    ['?y=rain', 400, 'bad_parameter', '"rain"'],
    ['?y=city', 400, 'bad_parameter', '"city" is utf8'],
    ['?x=rain', 400, 'bad_parameter', '"rain"'],
    ['?type=bar&type=pie', 400, 'bad_parameter', '"type"'],
    [`?title=${'x'.repeat(201)}`, 400, 'bad_parameter', '"title"'],
    ['?colour=red', 400, 'bad_parameter', '"colour"'],
  ])('with %s is refused', async (query, status, code, named) => {
    for (const format of ['json', 'svg', 'png', 'html']) {
      const response = await get(`tables/cities/chart.${format}${query}`);
      expect(response.status).toBe(status);
      const problem = (await response.json()) as { code: string; detail: string };
      expect(problem.code).toBe(code);
      expect(problem.detail).toContain(named);
    }
  });

  test('of a table that is not there, or has no numbers, is refused', async () => {
    expect((await get('tables/nowhere/chart.svg')).status).toBe(404);
    await postRows(gateway.url, 'texts', [{ a: 'b' }]);
    const response = await get('tables/texts/chart.svg');
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([422, 'no_chart']);
  });

  test('V24: names the characters that no font has', async () => {
    const lost = String.fromCodePoint(0x10fffd);
    const response = await get(`tables/cities/chart.png?title=${encodeURIComponent(`a ${lost}`)}`);
    expect(decodeURIComponent(response.headers.get('tablecast-missing-glyphs')!)).toBe(lost);
    expect((await get('tables/cities/chart.png?title=b')).headers.has('tablecast-missing-glyphs')).toBe(
      false,
    );
  });

  test('opened by itself runs nothing foreign', async () => {
    const svg = await get('tables/cities/chart.svg');
    expect(svg.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(svg.headers.get('content-security-policy')).not.toContain('script-src');
    const html = await get('tables/cities/chart.html');
    const policy = html.headers.get('content-security-policy')!;
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+' 'sha256-[^']+';/);
    expect(policy).not.toContain("'unsafe-eval'");
  });

  test('is drawn once for many who ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => get('tables/cities/chart.svg?width=777')),
    );
    const bodies = new Set(await Promise.all(answers.map((answer) => answer.text())));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(bodies.size).toBe(1);
  });
});

describe('P29: the chart that a table is published with', () => {
  const option = (table: string) => readJson<Option>(gateway.url, `tables/${table}/chart.json`);

  test('is its chart, with the table’s columns as its data, until null ends it', async () => {
    await publish('published', cities, { chart });
    const shown = await waitFor(() => option('published'), { what: 'the published table' });
    expect(shown).toMatchObject({
      series: [{ type: 'bar', name: 'Heat', encode: { x: 'city', y: 'heat' } }],
      dataset: { dimensions: ['city', 'heat'], source: { city: ['Oslo', 'Rome'], heat: [4.5, 17] } },
    });
    const svg = await (await get('tables/published/chart.svg')).text();
    expect(svg).toContain('4.5 °C');
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).not.toContain('<script');
    await publish('published', cities, {});
    await publish('published', [{ city: 'Kyiv', heat: 1, note: 'c' }], { op: 'append', chart: null });
    await waitFor(async () => (await option('published')).dataset === undefined, { what: 'the chart’s end' });
  });

  test('that has a function is rejected with the path, and the table keeps what it had', async () => {
    const broken = {
      ...chart,
      series: [{ ...chart.series[0], label: { formatter: 'function (x) { return x }' } }],
    };
    await publish('kept', cities, { chart });
    await publish('kept', [{ city: 'Kyiv', heat: 1, note: 'c' }], { chart: broken });
    const { rejections } = await waitFor(
      async () => {
        const listed = await readJson<{ rejections: { table: string; code: string; detail: string }[] }>(
          gateway.url,
          'rejections',
        );
        return listed.rejections.some(({ table }) => table === 'kept') && listed;
      },
      { what: 'the rejection' },
    );
    expect(rejections[0]).toMatchObject({ table: 'kept', code: 'bad_header' });
    expect(rejections[0]!.detail).toContain('chart.series[0].label.formatter');
    expect((await option('kept')).dataset).toMatchObject({ source: { city: ['Oslo', 'Rome'] } });
  });

  test('whose columns the table does not have is told so, and parameters draw others', async () => {
    const series = [{ type: 'bar', encode: { x: 'town', y: 'rain' } }];
    await publish('other-columns', cities, { chart: { ...chart, series } });
    const response = await waitFor(
      async () => {
        const answer = await get('tables/other-columns/chart.svg');
        return answer.status !== 404 && answer;
      },
      { what: 'the table' },
    );
    const problem = (await response.json()) as { code: string; detail: string };
    expect(problem.code).toBe('no_chart');
    expect(problem.detail).toContain('"town", "rain"');
    expect((await get('tables/other-columns/chart.svg?y=heat')).status).toBe(200);
  });

  test('V25: comes to viewers with the commit that shows it, and with snapshots', async () => {
    const client = await openLiveClient(gateway.wsUrl);
    await client.subscribe(['told']);
    const charts = async (): Promise<unknown[]> => {
      for (;;) {
        const { changes } = await client.next('commit');
        if (changes.length > 0) return changes.map((change) => (change as { chart?: unknown }).chart);
      }
    };
    await publish('told', cities, { chart });
    expect(await charts()).toMatchObject([{ title: chart.title, series: [{ type: 'bar' }] }]);
    await publish('told', cities, { op: 'append' });
    expect(await charts()).toEqual([undefined]);
    const late = await openLiveClient(gateway.wsUrl);
    expect((await late.subscribe(['told'])).changes).toMatchObject([
      { snapshot: true, chart: { series: [{}] } },
    ]);
    await publish('told', cities.slice(0, 0), { op: 'append', chart: null });
    expect(await charts()).toEqual([null]);
    await publish('told', cities, { op: 'replace' });
    expect(await charts()).toEqual([undefined]);
    expect([client.faults, late.faults]).toEqual([[], []]);
    client.close();
    late.close();
  });
});
