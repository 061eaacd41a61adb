import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { builtProgram, projectRoot } from '../../scripts/prepare/project.mjs';
import { postRows, readJson, readTable } from '../support/gateway-http.ts';
import { openLiveClient } from '../support/live-client.ts';
import { spawnGateway } from '../support/spawn-gateway.ts';
import { spawnProgram } from '../support/spawn-program.ts';

const root = mkdtempSync(join(tmpdir(), 'tablecast-durable-'));
let directories = 0;
const newPath = () => join(root, String(directories++));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const start = (path: string, ...args: string[]) =>
  spawnGateway({ args: ['--data-dir', path, ...args], connect: 'none', bind: 'none', pull: 'none' });
const update = (url: string) => readJson<{ version: number; tables: string[] }>(url, 'update_data');
const ready = (url: string) => readJson<{ epoch: string; version: number }>(url, 'readyz');

function verify(path: string) {
  const command = join(projectRoot, 'scripts', 'tablecast.mjs');
  const { status, stdout } = spawnSync(process.execPath, [command, 'log', 'verify', path], {
    encoding: 'utf8',
  });
  return { status, stdout };
}

/** A gateway that is expected to end by itself: its exit code and what it says. */
async function refused(path: string) {
  const sockets = ['connect', 'bind', 'pull'].flatMap((flag) => [`--${flag}`, 'none']);
  const program = spawnProgram({
    module: builtProgram('gateway'),
    args: ['--port', '0', ...sockets, '--data-dir', path],
  });
  const { code } = await program.ended;
  return { code, stderr: program.stderr() };
}

test('an orderly stop and a start keep tables, stage, retention, versions and epoch, and viewers resume', async () => {
  const path = newPath();
  const first = await start(path);
  await postRows(
    first.url,
    'shown',
    [
      { k: 'a', n: 1 },
      { k: 'b', n: 2 },
    ],
    '?key=k&op=upsert',
  );
  await postRows(first.url, 'held', [{ n: 7 }], '?commit=hold');
  const viewer = await openLiveClient(first.wsUrl);
  const hello = await viewer.next('hello');
  await viewer.subscribe('*');
  await postRows(first.url, 'shown', [{ k: 'b', n: 3 }], '?key=k&op=upsert');
  await postRows(first.url, 'shown', [{ k: 'a', n: null }], '?key=k&op=delete');
  const before = await ready(first.url);
  expect((await first.close()).code).toBe(0);

  const second = await start(path);
  expect(await ready(second.url)).toEqual(before);
  expect(await readTable(second.url, 'shown')).toEqual({ version: before.version, rows: [{ k: 'b', n: 3 }] });
  const again = await openLiveClient(second.wsUrl, { replica: viewer.replica });
  expect(await again.next('hello')).toMatchObject({ epoch: before.epoch, version: before.version });
  const caughtUp = await again.subscribe('*', { since: { epoch: hello.epoch, version: hello.version } });
  expect(caughtUp.changes.map(({ op, snapshot }) => ({ op, snapshot }))).toEqual([
    { op: 'delete', snapshot: false },
    { op: 'upsert', snapshot: false },
  ]);
  expect(again.rows('shown')).toEqual([{ k: 'b', n: 3 }]);
  expect(await update(second.url)).toMatchObject({ version: before.version + 1, tables: ['held'] });
  expect((await readTable(second.url, 'held'))?.rows).toEqual([{ n: 7 }]);
  again.close();
  await second.close();
});

test('without the flag nothing is kept, and LMDB is not loaded', async () => {
  const gateway = await spawnGateway({ connect: 'none', bind: 'none', pull: 'none' });
  await postRows(gateway.url, 't', [{ n: 1 }]);
  // What a process has loaded natively stands in its memory map.
  const maps = `/proc/${gateway.pid}/maps`;
  if (existsSync(maps)) expect(readFileSync(maps, 'utf8')).not.toContain('lmdb');
  await gateway.close();
});

describe('a directory that cannot be used ends the gateway with one line', () => {
  test('one that another gateway uses, until that is killed', async () => {
    const path = newPath();
    const first = await start(path);
    await postRows(first.url, 't', [{ n: 1 }]);
    expect(await refused(path)).toEqual({
      code: 1,
      stderr: `error: Another gateway uses the data directory ${path}; end it, or give --data-dir another one.\n`,
    });
    await postRows(first.url, 't', [{ n: 2 }]);
    expect(verify(path)).toMatchObject({ status: 0, stdout: expect.stringContaining('2 entries') });
    first.kill('SIGKILL');
    await first.ended;
    const second = await start(path);
    expect((await readTable(second.url, 't'))?.rows).toEqual([{ n: 2 }]);
    await second.close();
  });

  test('one whose file ends too early; verifying says so too, and changes nothing', async () => {
    const path = newPath();
    const gateway = await start(path);
    for (let i = 0; i < 20; i++)
      await postRows(gateway.url, 't', [{ text: 'x'.repeat(20_000) }], '?op=append');
    await gateway.close();
    const file = join(path, 'data.mdb');
    truncateSync(file, readFileSync(file).length >> 1);
    const before = readFileSync(file);
    expect(await refused(path)).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^error: .* end is missing.*\n$/),
    });
    expect(verify(path)).toMatchObject({ status: 1, stdout: expect.stringContaining('damaged: ') });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('a file, and a directory of something else', async () => {
    const file = newPath();
    writeFileSync(file, 'a file');
    expect(await refused(file)).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^error: .* is a file; .*\n$/),
    });
    const foreign = newPath();
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'data.mdb'), 'x'.repeat(50_000));
    expect(await refused(foreign)).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^error: .* is not a gateway's; .*\n$/),
    });
  });
});

describe('a disk that is full', () => {
  const disk = join(root, 'disk');
  mkdirSync(disk);
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tablecast-test', disk]).status === 0;
  if (!isMounted) console.warn('No file system of 8 MB can be mounted here: a full disk is not tested.');
  afterAll(() => {
    if (isMounted) spawnSync('umount', [disk]);
  });

  test.skipIf(!isMounted)(
    'refuses publications, serves reads, and takes more once there is room',
    async () => {
      const path = join(disk, 'data');
      const ballast = join(disk, 'ballast');
      const gateway = await start(path);
      await postRows(gateway.url, 'first', [{ n: 1 }]);
      writeFileSync(ballast, Buffer.alloc(4_000_000));
      const publish = (id: number): Promise<true | string> =>
        postRows(gateway.url, 'large', [{ id, text: 'x'.repeat(300_000) }], '?op=append').then(
          (): true | string => true,
          (error: Error) => error.message,
        );
      let taken = 0;
      let answer: true | string = await publish(0);
      while (answer === true && taken < 40) answer = await publish(++taken);
      expect(answer).toBe('POST /tables/large answers 503');
      expect(taken).toBeGreaterThan(2);
      const { rejections } = await readJson<{ rejections: { code: string; detail: string }[] }>(
        gateway.url,
        'rejections',
      );
      expect(rejections[0]).toMatchObject({
        code: 'log_write_failed',
        detail: expect.stringMatching(/bytes left/),
      });
      expect((await fetch(new URL('update_data', gateway.url))).status).toBeOneOf([200, 503]);
      expect((await readTable(gateway.url, 'first'))?.rows).toEqual([{ n: 1 }]);
      expect((await readTable(gateway.url, 'large'))?.rows).toHaveLength(taken);

      rmSync(ballast);
      expect(await publish(taken)).toBe(true);
      const before = await ready(gateway.url);
      gateway.kill('SIGKILL');
      await gateway.ended;
      const again = await start(path);
      expect(await ready(again.url)).toEqual(before);
      expect((await readTable(again.url, 'large'))?.rows.map(({ id }) => id)).toEqual(
        Array.from({ length: taken + 1 }, (_, id) => id),
      );
      await again.close();
      expect(spawnSync('mount', ['-o', 'remount,ro', disk]).status).toBe(0);
      expect(await refused(path)).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^error: .* read-only; .*\n$/),
      });
      expect(verify(path)).toMatchObject({ status: 0 });
    },
  );
});
