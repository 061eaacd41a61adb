import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { postRows, readJson, readTable } from '../support/gateway-http.ts';
import { openLiveClient } from '../support/live-client.ts';
import { type NatsServer, natsServerPath, natsTitle, startNatsServer } from '../support/nats-server.ts';
import { runCommand } from '../support/run-command.ts';
import { spawnGateway } from '../support/spawn-gateway.ts';

describe.skipIf(natsServerPath === null)(`tablecast log copy${natsTitle}`, () => {
  let server: NatsServer;
  const directory = mkdtempSync(join(tmpdir(), 'tablecast-copy-'));
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** The exit code and what it said. */
  const copy = async (from: string) => {
    const program = join(projectRoot, 'scripts', 'tablecast.mjs');
    const command = runCommand(process.execPath, [program, 'log', 'copy', from, server.url], {
      cwd: projectRoot,
    });
    return { code: await command.ended, said: command.output() };
  };

  test('a data directory goes on as a shared log: its tables, stages, versions and epoch, and its viewers', async () => {
    const data = join(directory, 'data');
    const before = await spawnGateway({ args: ['--data-dir', data] });
    await postRows(before.url, 'prices', [{ k: 'a', n: 1 }], '?key=k');
    await postRows(before.url, 'gone', [{ n: 1 }]);
    await fetch(new URL('tables/gone', before.url), { method: 'DELETE' });
    await postRows(before.url, 'held', [{ n: 1 }], '?commit=hold');
    const viewer = await openLiveClient(before.wsUrl);
    await viewer.subscribe('*');
    const since = await readJson<{ epoch: string; version: number }>(before.url, 'readyz');
    const prices = await readTable(before.url, 'prices');

    expect(await copy(data)).toMatchObject({
      code: 1,
      said: expect.stringContaining('Another gateway uses'),
    });
    expect((await before.close()).code).toBe(0);
    expect(await copy(data)).toMatchObject({ code: 0, said: expect.stringContaining(since.epoch) });
    expect(await copy(data)).toMatchObject({ code: 1, said: expect.stringContaining('has a log already') });
    expect(await copy(directory)).toMatchObject({
      code: 1,
      said: expect.stringContaining('no data directory'),
    });

    const after = await spawnGateway({ args: ['--log', server.url], readyTimeoutMs: 40_000 });
    expect(await readJson(after.url, 'readyz')).toMatchObject(since);
    expect(await readTable(after.url, 'prices')).toEqual(prices);
    const again = await openLiveClient(after.wsUrl, { replica: viewer.replica });
    const { epoch, version } = since;
    expect(await again.subscribe('*', { since: { epoch, version } })).toMatchObject({ version, changes: [] });
    const response = await fetch(new URL('update_data', after.url));
    expect(await response.json()).toMatchObject({ version: version + 1, tables: ['held'] });
    await again.commitAt(version + 1);
    expect(again.rows('held')).toEqual([{ n: 1 }]);
    again.close();
    expect((await after.close()).code).toBe(0);
  });
});
