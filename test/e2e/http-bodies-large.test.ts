import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readJson } from '../support/gateway-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

let gateway: SpawnedGateway;

beforeAll(async () => {
  gateway = await spawnGateway({ connect: 'none', bind: 'none', pull: 'none' });
});
afterAll(() => gateway?.close());

function post(table: string, body: Uint8Array | string, query = ''): Promise<Response> {
  return fetch(new URL(`tables/${table}${query}`, gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: body as BodyInit,
  });
}

/** Above the size that is converted on the spot. */
function largeCsv(rowCount: number): Buffer {
  const block = Array.from({ length: 1000 }, (_, i) => `${i},${i / 4},name ${i}\n`).join('');
  return Buffer.from(`id,v,name\n${block.repeat(rowCount / 1000)}`);
}

describe('large bodies of text', () => {
  test('are converted beside, exactly as small ones', async () => {
    const response = await post('beside', largeCsv(50_000));
    expect(await response.json()).toMatchObject({ rows: 50_000 });
    const { schema } = await readJson<{ schema: { type: string }[] }>(gateway.url, 'tables/beside');
    expect(schema.map(({ type }) => type)).toEqual(['int64', 'float64', 'utf8']);
    const last = await fetch(new URL('tables/beside.csv?offset=49999', gateway.url));
    expect(await last.text()).toBe('id,v,name\n999,249.75,name 999\n');
  });

  test('are refused with the row that does not fit, and the next one is taken', async () => {
    const bad = Buffer.concat([largeCsv(20_000), Buffer.from('x,1,name\n')]);
    await post('refused', 'id,v,name\n1,1.5,a\n');
    const response = await post('refused', bad, '?op=append');
    expect([response.status, await response.json()]).toEqual([
      422,
      expect.objectContaining({ code: 'bad_value', detail: expect.stringContaining('row 20001') }),
    ]);
    expect(await (await post('refused', largeCsv(20_000), '?op=append')).json()).toMatchObject({
      rows: 20_000,
    });
  });

  test('of a table whose columns change meanwhile are converted to what they are then', async () => {
    const large = post('changing', largeCsv(400_000), '?op=append');
    const small = Array.from({ length: 20 }, () => post('changing', 'id\n5.0\n', '?op=append'));
    for (const response of [await large, ...(await Promise.all(small))]) expect(response.status).toBe(200);
    const { rows } = await readJson<{ rows: number }>(gateway.url, 'tables/changing');
    expect(rows).toBe(400_020);
  });

  test('that wait together are all taken', async () => {
    const body = largeCsv(10_000);
    const responses = await Promise.all(Array.from({ length: 12 }, (_, i) => post(`together-${i}`, body)));
    expect(responses.map(({ status }) => status)).toEqual(new Array(12).fill(200));
  });

  test('do not hold up /update_data', async () => {
    const body = largeCsv(1_000_000);
    const before = performance.now();
    let isDone = false;
    const large = post('huge', body).finally(() => {
      isDone = true;
    });
    const times: number[] = [];
    while (!isDone) {
      const start = performance.now();
      const response = await fetch(new URL('update_data', gateway.url), { method: 'POST' });
      await response.arrayBuffer();
      times.push(performance.now() - start);
    }
    expect(await (await large).json()).toMatchObject({ rows: 1_000_000 });
    times.sort((a, b) => a - b);
    const median = times[times.length >> 1]!;
    // Generous for a busy machine: it took as long as the body if it waited for it.
    expect(median).toBeLessThan((performance.now() - before) / 4);
  });

  test('of a client that goes away while it sends leave nothing behind', async () => {
    await goAway('gone', largeCsv(50_000));
    expect((await fetch(new URL('tables/gone', gateway.url))).status).toBe(404);
    expect((await post('gone', 'a\n1\n')).status).toBe(200);
  });
});

/** Sends half of a body and ends the connection. */
function goAway(table: string, body: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const request = httpRequest(new URL(`tables/${table}`, gateway.url), {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'content-length': body.length },
    });
    request.on('error', () => {});
    request.once('close', () => resolve());
    request.write(body.subarray(0, body.length / 2), () => request.destroy());
  });
}
