import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../protocol/limits.ts';
import { builtProgram } from '../../scripts/prepare/project.mjs';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { spawnProgram } from '../support/spawn-program.ts';

const sockets = { connect: 'none', bind: 'none', pull: 'none' };
const panel = { id: 'a', type: 'table', table: 'prices', x: 0, y: 0, width: 6, height: 8 };
const floor = { title: 'Floor', panels: [panel] };

let gateway: SpawnedGateway;
const directories: string[] = [];

beforeAll(async () => {
  gateway = await spawnGateway(sockets);
});
afterAll(async () => {
  await gateway?.close();
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

interface Answered {
  readonly status: number;
  readonly etag: string | null;
  readonly json: { readonly code?: string; readonly detail?: string };
}

async function ask(
  method: string,
  name: string,
  options: { headers?: Record<string, string>; body?: unknown; url?: string } = {},
): Promise<Answered> {
  const { headers = {}, body, url = gateway.url } = options;
  const response = await fetch(new URL(`dashboards/${encodeURIComponent(name)}`, url), {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    etag: response.headers.get('etag'),
    json: text === '' ? {} : JSON.parse(text),
  };
}

describe('a dashboard', () => {
  test('is saved, read, listed, changed and deleted', async () => {
    const made = await ask('PUT', 'floor', { body: floor });
    expect(made).toMatchObject({ status: 201, json: { name: 'floor', etag: made.etag } });
    expect(await ask('GET', 'floor')).toEqual({ status: 200, etag: made.etag, json: floor });
    expect((await ask('GET', 'floor', { headers: { 'if-none-match': made.etag! } })).status).toBe(304);
    const changed = await ask('PUT', 'floor', { body: { panels: [] }, headers: { 'if-match': made.etag! } });
    expect(changed.status).toBe(200);
    expect(changed.etag).not.toBe(made.etag);
    const list = (await (await fetch(new URL('dashboards', gateway.url))).json()) as { dashboards: object[] };
    expect(list.dashboards).toEqual([
      {
        name: 'floor',
        title: null,
        panels: 0,
        thresholds: 0,
        etag: changed.etag,
        saved_at_ms: expect.any(Number),
      },
    ]);
    expect((await ask('DELETE', 'floor')).status).toBe(200);
    expect(await ask('GET', 'floor')).toMatchObject({ status: 404, json: { code: 'no_such_dashboard' } });
  });

  test('is not overwritten by somebody who does not know its state', async () => {
    const first = await ask('PUT', 'both', { body: floor, headers: { 'if-none-match': '*' } });
    expect(first.status).toBe(201);
    const other = { headers: { 'if-match': first.etag! } };
    const second = await ask('PUT', 'both', { body: { panels: [] }, ...other });
    expect(second.status).toBe(200);
    for (const [headers, status, code] of [
      [{ 'if-match': first.etag! }, 412, 'dashboard_changed'],
      [{ 'if-match': `W/${second.etag}` }, 412, 'dashboard_changed'],
      [{ 'if-none-match': '*' }, 412, 'dashboard_changed'],
      [{}, 428, 'condition_needed'],
    ] as const) {
      expect(await ask('PUT', 'both', { body: floor, headers })).toMatchObject({ status, json: { code } });
    }
    expect((await ask('DELETE', 'both', other)).status).toBe(412);
    expect((await ask('GET', 'both')).json).toEqual({ panels: [] });
    expect((await ask('PUT', 'both', { body: floor, headers: { 'if-match': '*' } })).status).toBe(200);
  });

  test('is saved by one of many that save at once, and the others are told', async () => {
    const made = await ask('PUT', 'race', { body: floor });
    const headers = { 'if-match': made.etag! };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        ask('PUT', 'race', { body: { title: `${i}`, panels: [] }, headers }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(19);
  });

  test.each(['__proto__', 'constructor', 'Übersicht', '看板', 'a.b-c_d'])(
    'may have the name %s',
    async (name) => {
      const text =
        '{"panels":[{"id":"__proto__","type":"table","table":"t","x":0,"y":0,"width":1,"height":1,"view":{"__proto__":{"x":1}}}]}';
      expect((await ask('GET', name)).status).toBe(404);
      expect((await ask('PUT', name, { body: text })).status).toBe(201);
      expect(JSON.stringify((await ask('GET', name)).json)).toBe(text);
      expect((await ask('DELETE', name)).status).toBe(200);
    },
  );

  test.each<[number, string, string, unknown]>([
    [400, 'bad_parameter', 'a/b', floor],
    [400, 'bad_parameter', '<b>', floor],
    [400, 'bad_parameter', 'x'.repeat(129), floor],
    [400, 'bad_body', 'wrong', '{"panels":'],
    [413, 'too_large', 'wrong', `{"panels":[]}${' '.repeat(LIMITS.maxDashboardBytes)}`],
    [422, 'bad_dashboard', 'wrong', { panels: [{ ...panel, onclick: 'alert(1)' }] }],
    [422, 'bad_dashboard', 'wrong', '['.repeat(60) + ']'.repeat(60)],
  ])('is refused with %i %s under %j', async (status, code, name, body) => {
    const answer = await ask('PUT', name, { body });
    expect(answer).toMatchObject({ status, json: { code, status } });
    expect(answer.json.detail).toMatch(/.{10,}\.$/);
  });

  test('is not written by pages of other sites, nor without the write token', async () => {
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await ask('PUT', 'foreign', { body: floor, headers: foreign })).status).toBe(403);
    const guarded = await spawnGateway({
      ...sockets,
      env: { TABLECAST_WRITE_TOKEN: 'write-token', TABLECAST_VIEW_TOKEN: 'view-token' },
    });
    const as = (token: string) => ({ url: guarded.url, headers: { authorization: `Bearer ${token}` } });
    expect((await ask('PUT', 'a', { ...as('view-token'), body: floor })).status).toBe(403);
    expect((await ask('PUT', 'a', { ...as('write-token'), body: floor })).status).toBe(201);
    expect((await ask('GET', 'a', as('view-token'))).status).toBe(200);
    expect((await ask('DELETE', 'a', as('view-token'))).status).toBe(403);
    expect((await ask('GET', 'a', { url: guarded.url })).status).toBe(401);
    await guarded.close();
  });
});

describe('with a data directory dashboards', () => {
  const directory = () => {
    const path = mkdtempSync(join(tmpdir(), 'tablecast-dashboards-'));
    directories.push(path);
    return path;
  };

  test('outlive a gateway that is killed, as they were answered', async () => {
    const path = directory();
    const first = await spawnGateway({ ...sockets, args: ['--data-dir', path] });
    const made = await ask('PUT', 'kept', { url: first.url, body: floor });
    expect(made.status).toBe(201);
    await ask('PUT', 'gone', { url: first.url, body: floor });
    await ask('DELETE', 'gone', { url: first.url });
    first.kill('SIGKILL');
    await first.ended;
    const second = await spawnGateway({ ...sockets, args: ['--data-dir', path] });
    expect(await ask('GET', 'kept', { url: second.url })).toEqual({
      status: 200,
      etag: made.etag,
      json: floor,
    });
    expect((await ask('GET', 'gone', { url: second.url })).status).toBe(404);
    await second.close();
    expect(readdirSync(path).filter((name) => name.startsWith('dashboards'))).toEqual(['dashboards.json']);
  });

  test('that are damaged stop the start and are left as they are', async () => {
    const text = '{}';
    const path = directory();
    const file = join(path, 'dashboards.json');
    writeFileSync(file, text);
    const program = spawnProgram({
      module: builtProgram('gateway'),
      args: ['--port', '0', '--connect', 'none', '--bind', 'none', '--pull', 'none', '--data-dir', path],
      env: {},
    });
    const { code } = await program.ended;
    expect([code, program.stderr()]).toEqual([1, expect.stringContaining(file)]);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
