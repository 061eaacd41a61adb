import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { builtProgram } from '../../scripts/prepare/project.mjs';
import { endsWithin } from '../support/ends-within.ts';
import { freeAddress, freePort } from '../support/free-port.ts';
import { type LiveClient, openLiveClient, type Replica } from '../support/live-client.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, type SpawnGatewayOptions, spawnGateway } from '../support/spawn-gateway.ts';
import { type SpawnedProgram, spawnProgram } from '../support/spawn-program.ts';
import { waitFor } from '../support/wait-for.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});
function closedAfter<T extends { close(): unknown }>(one: T): T {
  opened.push(one);
  return one;
}

async function start(options: SpawnGatewayOptions = {}): Promise<SpawnedGateway> {
  return closedAfter(await spawnGateway({ connect: 'none', bind: 'none', ...options }));
}
async function view(gateway: SpawnedGateway, replica: Replica = new Map()): Promise<LiveClient> {
  return closedAfter(await openLiveClient(gateway.wsUrl, { replica }));
}
function pushTo(gateway: SpawnedGateway): PushSocket {
  return closedAfter(openPush(gateway.pull));
}

describe('a gateway that cannot start as it is told ends at once, with one line', () => {
  /** Flags that are not given are such that they do not fail. */
  function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): SpawnedProgram {
    const harmless = { '--port': '0', '--connect': 'none', '--bind': 'none', '--pull': 'none' };
    const rest = Object.entries(harmless).filter(([flag]) => !args.includes(flag));
    const module = builtProgram('gateway');
    return closedAfter(spawnProgram({ module, args: [...rest.flat(), ...args], env }));
  }

  async function expectOneLine(program: SpawnedProgram, ...named: readonly string[]): Promise<void> {
    const { code } = await program.ended;
    expect(code).toBeGreaterThan(0);
    expect(program.stdout()).toBe('');
    const lines = program.stderr().trim().split('\n');
    expect(lines).toHaveLength(1);
    for (const text of named) expect(lines[0]).toContain(text);
  }

  test('where its port is in use', async () => {
    const { port } = await start();
    await expectOneLine(run(['--port', `${port}`]), `${port}`, '--port');
  });

  test.each(['--bind', '--pull'])('where the address of %s is in use', async (flag) => {
    const { pull } = await start();
    await expectOneLine(run([flag, pull]), flag, pull, 'in use');
  });

  test.each([
    [['--no-such-flag']],
    [['--port', 'http']],
    [['--port', '65536']],
    [['--port', '-1']],
    [['--commit', 'later']],
    [['--max-message-bytes', '1e9']],
    [['--max-message-bytes', '0']],
    [['--log-level', 'loud']],
    [['--connect', 'nowhere']],
    [['--bind', 'tcp://127.0.0.1']],
    [['--pull', 'http://127.0.0.1:5413']],
    [['--host', '0.0.0.0']],
    [['--host', '::']],
    [['--host', 'example.org']],
    [['--host', '127.0.0.999']],
    [['--bind', 'tcp://0.0.0.0:5412']],
    [['--pull', 'tcp://*:5413']],
    [['--connect', 'tcp://192.0.2.1:5411']],
  ])('where a flag is wrong: %s', async (args) => {
    await expectOneLine(run(args), args[0]!);
  });

  test('where there are words it does not know', async () => {
    await expectOneLine(run(['serve']));
  });

  test('where a setting of the environment is wrong; and a flag wins over it', async () => {
    const env = { TABLECAST_COMMIT: 'later' };
    await expectOneLine(run([], env), 'TABLECAST_COMMIT');
    await start({ env: { TABLECAST_COMMIT: 'hold' }, args: ['--commit', 'auto'] });
  });

  test('--insecure lets other addresses in', async () => {
    const gateway = await start({ args: ['--host', '0.0.0.0', '--insecure'] });
    expect((await fetch(`http://127.0.0.1:${gateway.port}/healthz`)).status).toBe(200);
  });
});

describe.runIf(process.platform !== 'win32')(
  'SIGTERM ends the gateway with code 0 within two seconds',
  () => {
    async function expectEndIn2s(gateway: SpawnedGateway): Promise<void> {
      expect(await endsWithin(2000, gateway)).toEqual({ code: 0, signal: null, isInTime: true });
      expect(gateway.stderr()).toBe('');
    }

    test('with a viewer, who is told that it comes back', async () => {
      const gateway = await start();
      const viewer = await view(gateway);
      await viewer.subscribe('*');
      await expectEndIn2s(gateway);
      expect((await viewer.closed).code).toBe(1012);
    });

    test('with a viewer that reads nothing while much waits for it', async () => {
      const gateway = await start();
      const stuck = await view(gateway);
      const push = pushTo(gateway);
      const watch = await view(gateway);
      await stuck.subscribe('*');
      await watch.subscribe('*');
      stuck.socket.pause();
      const rows = Array.from({ length: 20_000 }, (_, n) => ({ n, text: `row ${n} of what is too much` }));
      // Enough to fill the buffers of both sides, several times over.
      for (let n = 1; n <= 12; n++) {
        await push.publish('large', rows);
        await watch.commitAt(n);
      }
      await expectEndIn2s(gateway);
    });

    test('with requests under way: one that waits for viewers, one half sent, one connection idle', async () => {
      const gateway = await start();
      const viewer = await view(gateway);
      await viewer.subscribe('*', { renders: true });
      const waiting = fetch(new URL('update_data?wait=rendered&timeout_ms=60000', gateway.url)).then(
        ({ status }) => status,
        () => 'cut off',
      );
      await viewer.next('commit');
      const half = connect(gateway.port, '127.0.0.1').on('error', () => undefined);
      closedAfter({ close: () => half.destroy() });
      half.write('POST /tables/t HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf');
      const idle = connect(gateway.port, '127.0.0.1').on('error', () => undefined);
      closedAfter({ close: () => idle.destroy() });
      await new Promise((resolve) => idle.once('connect', resolve));
      await expectEndIn2s(gateway);
      expect([200, 'cut off']).toContain(await waiting);
    });

    test('while publications pour in', async () => {
      const gateway = await start();
      const push = pushTo(gateway);
      const watch = await view(gateway);
      await watch.subscribe('*');
      let pouring = true;
      const poured = (async () => {
        for (let n = 0; pouring; n++) {
          await push.publish('flood', [{ n }], { op: 'append', retention: { max_rows: 100 } });
          if (n % 100 === 0) await new Promise(setImmediate);
        }
      })();
      await watch.commitAt(20);
      await expectEndIn2s(gateway);
      pouring = false;
      push.close();
      await poured.catch(() => undefined);
    });

    test('its port is free afterwards, at once', async () => {
      const gateway = await start();
      await expectEndIn2s(gateway);
      const server = createServer();
      await new Promise<void>((resolve, reject) =>
        server.once('error', reject).listen(gateway.port, '127.0.0.1', resolve),
      );
      await new Promise((resolve) => server.close(resolve));
    });
  },
);

describe('a gateway started again', () => {
  test('has a new epoch: hello tells it, and old versions get snapshots', async () => {
    const [port, pull] = [await freePort(), await freeAddress()];
    const first = await start({ port, pull });
    const push = pushTo(first);
    const before = await view(first);
    const old = await before.next('hello');
    await before.subscribe('*');
    for (const n of [1, 2, 3]) {
      await push.publish('t', [{ n }], { op: 'append' });
      await before.commitAt(n);
    }
    await first.close();
    await before.closed;
    const second = await start({ port, pull });
    // The PUSH socket finds the gateway again by itself.
    await push.publish('t', [{ n: 4 }], { op: 'append' });
    const after = await view(second, before.replica);
    const hello = await after.next('hello');
    expect(hello.epoch).not.toBe(old.epoch);
    expect(hello.version).toBeLessThanOrEqual(1);
    await after.subscribe('*', { since: { epoch: old.epoch, version: 3 } });
    await waitFor(() => after.rows('t')?.length === 1, { what: 'the rows of the new epoch' });
    expect(after.rows('t')).toEqual([{ n: 4 }]);
    expect(after.faults).toEqual([]);
  });
});

describe('retention by age', () => {
  test('goes on while a table is idle, by commits of its own, and shows nothing that is held', async () => {
    const gateway = await start();
    const push = pushTo(gateway);
    const viewer = await view(gateway);
    await viewer.subscribe('*');
    const aged = { retention: { max_age_ms: 300 } };
    await push.publish('log', [{ n: 1 }, { n: 2 }], { op: 'append', ...aged });
    await push.publish('state', [{ k: 'x', n: 1 }], { key: 'k', ...aged });
    await push.publish('log', [{ n: 3 }], { op: 'append', commit: 'hold' });
    await waitFor(() => viewer.rows('log')?.length === 0 && viewer.rows('state')?.length === 0, {
      what: 'the rows to have gone',
    });
    const listed = async () =>
      (await (await fetch(new URL('tables', gateway.url))).json()) as { tables: { staged: number }[] };
    const list = await waitFor(
      async () => {
        const now = await listed();
        return now.tables[0]?.staged === 1 && now;
      },
      { what: 'what is held' },
    );
    const commits = viewer.messages.filter((message) => message.type === 'commit');
    const changes = commits.flatMap((commit) => commit.changes);
    expect(changes).toContainEqual(
      expect.objectContaining({ table: 'log', op: 'append', rows: 0, drop_first: 2 }),
    );
    expect(changes).toContainEqual(expect.objectContaining({ table: 'state', op: 'delete', rows: 1 }));
    expect(list).toMatchObject({
      version: commits.at(-1)?.version,
      tables: [
        { name: 'log', rows: 0, staged: 1 },
        { name: 'state', rows: 0, staged: 0 },
      ],
    });
    // It goes after a while too, maybe before anybody looks.
    const shown: ReturnType<LiveClient['rows']>[] = [];
    viewer.socket.on('message', () => shown.push(viewer.rows('log')));
    await fetch(new URL('update_data', gateway.url));
    await waitFor(() => shown.some((rows) => rows?.length === 1), { what: 'what was held' });
    expect(shown).toContainEqual([{ n: 3 }]);
    expect(viewer.faults).toEqual([]);
  });
});
