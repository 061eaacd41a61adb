import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import * as https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { arrowOf } from '../support/arrow-messages.ts';
import { postRows } from '../support/gateway-http.ts';
import { SELF_SIGNED_CERT, SELF_SIGNED_KEY } from '../support/self-signed.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { type SpawnedProgram, spawnProgram } from '../support/spawn-program.ts';
import { waitFor } from '../support/wait-for.ts';

const COMMAND = fileURLToPath(new URL('../../scripts/tablecast.mjs', import.meta.url));

let gateway: SpawnedGateway;
let running: SpawnedProgram | undefined;

beforeAll(async () => {
  gateway = await spawnGateway();
  await postRows(gateway.url, 'prices', [{ symbol: 'A', price: 1.5 }], '?op=upsert&key=symbol');
  await postRows(gateway.url, 'log', [{ x: 1 }, { x: 2 }], '?op=append');
});
afterEach(() => running?.close());
afterAll(() => gateway?.close());

function start(args: string, env: Record<string, string> = {}): SpawnedProgram {
  const all = { TABLECAST_URL: gateway.url, ...env };
  running = spawnProgram({ module: COMMAND, args: args.split(' '), env: all });
  return running;
}

async function run(args: string, env: Record<string, string> = {}) {
  const program = start(args, env);
  const { code } = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

describe('tablecast tables', () => {
  test('lists the tables in columns, as JSON, or by name', async () => {
    const { code, stdout } = await run('tables');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^TABLE +ROWS +COLUMNS +SIZE +ROWS\/S +AGE +STAGED +GAPS +LAST ERROR\nlog +2 +1 .*\nprices +1 +2 .*\n$/,
    );
    expect(JSON.parse((await run('tables --json')).stdout)).toMatchObject({
      tables: [{ rows: 1 }, { rows: 2 }],
    });
    expect((await run('tables --names')).stdout).toBe('log\nprices\n');
  });
});

describe('tablecast top', () => {
  test('shows once what the gateway does where there is no terminal', async () => {
    const { code, stdout } = await run('top');
    expect(code).toBe(0);
    expect(stdout).toMatch(/version \d+ {2}2 tables {2}0 viewers {2}0 B queued/);
    expect(stdout).toMatch(/\nprices /);
  });
});

describe('tablecast update', () => {
  test('shows what was staged, for some tables or all, and says so', async () => {
    await postRows(gateway.url, 'held', [{ x: 1 }], '?commit=hold');
    expect((await run('update --table held')).stdout).toMatch(/^version \d+: 1 row of held; 0 viewers\n$/);
    expect((await run('update')).stdout).toMatch(/^version \d+: nothing was staged; 0 viewers\n$/);
    expect(JSON.parse((await run('update --json')).stdout)).toMatchObject({
      tables: [],
      rows: 0,
      viewers: 0,
    });
    expect((await run('update --wait')).stdout).toMatch(/, drawn by 0\n$/);
  });

  test('fails where a viewer has not drawn it in time', async () => {
    const socket = new WebSocket(gateway.wsUrl, 'tablecast.v1');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'subscribe', tables: '*', renders: true }));
    await once(socket, 'message');
    const { code, stdout } = await run('update --timeout-ms 50');
    expect([code, stdout]).toEqual([1, expect.stringMatching(/drawn by 0, 1 not yet\n$/)]);
    socket.terminate();
  });
});

describe('tablecast tail', () => {
  test.each([
    ['--once', 'symbol  price\nA         1.5\n'],
    ['--once --csv', 'symbol,price\nA,1.5\n'],
    ['--once --json', '{"_version":1,"_op":"snapshot","_key":["symbol"],"symbol":"A","price":1.5}\n'],
  ])('%s prints the table as it is', async (flags, expected) => {
    const { code, stdout, stderr } = await run(`tail prices ${flags}`);
    expect([code, stdout.replace(/"_version":\d+/, '"_version":1'), stderr]).toEqual([0, expected, '']);
  });

  test('--once --arrow is a stream that any Arrow library reads, and --rows its end', async () => {
    const child = spawn(process.execPath, [COMMAND, 'tail', 'log', '--once', '--arrow', '-n', '1'], {
      env: { ...process.env, TABLECAST_URL: gateway.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const parts: Buffer[] = [];
    for await (const part of child.stdout) parts.push(part as Buffer);
    expect(
      tableFromIPC(Buffer.concat(parts))
        .toArray()
        .map((row) => row?.toJSON()),
    ).toEqual([{ x: 2 }]);
  });

  test('streams what becomes of a table that is not there yet, until it is interrupted', async () => {
    const tail = start('tail later');
    await waitFor(() => /there is no table "later" yet/.test(tail.stderr()), { what: 'the note' });
    await postRows(
      gateway.url,
      'later',
      [
        { k: 'a', v: 1 },
        { k: 'b', v: 2 },
      ],
      '?op=upsert&key=k',
    );
    await tail.printed(/"k":"b"/);
    await postRows(gateway.url, 'later', [{ k: 'a', v: 3 }], '?op=upsert');
    await tail.printed(/"v":3/);
    await postRows(gateway.url, 'later', [{ k: 'b' }], '?op=delete');
    await tail.printed(/"delete"/);
    await fetch(new URL('tables/later', gateway.url), { method: 'DELETE' });
    await tail.printed(/"drop"/);
    tail.kill('SIGINT');
    expect((await tail.ended).code).toBe(130);
    const lines = tail
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ _version, ...rest }) => rest)).toEqual([
      { _op: 'snapshot', _key: ['k'], k: 'a', v: 1 },
      { _op: 'upsert', k: 'b', v: 2 },
      { _op: 'upsert', k: 'a', v: 3 },
      { _op: 'delete', k: 'b' },
      { _op: 'drop' },
    ]);
  });

  test('ends without a word when nobody reads on, as with head', async () => {
    const child = spawn(process.execPath, [COMMAND, 'tail', 'prices', '--json'], {
      env: { ...process.env, TABLECAST_URL: gateway.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await postRows(gateway.url, 'prices', [{ symbol: 'A', price: 2 }], '?op=upsert');
    expect([(await ended)[0], stderr]).toEqual([0, '']);
  });

  test('a stream of a fast table is exact, however many rows come at a time', async () => {
    const tail = start('tail fast --json');
    for (let i = 0; i < 40; i++) {
      const rows = Array.from({ length: 50 }, (_, n) => ({ n: i * 50 + n }));
      await fetch(new URL('tables/fast?op=append', gateway.url), {
        method: 'POST',
        headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
        body: arrowOf(rows) as Uint8Array<ArrayBuffer>,
      });
    }
    await tail.printed(/"n":1999\.0}\n/);
    const seen = tail
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { n: number }).n);
    expect(seen).toEqual(Array.from({ length: 2000 }, (_, n) => n));
  });
});

describe('what goes wrong', () => {
  test.each([
    ['tail nope --once', 1, /^tablecast tail: There is no table "nope"\.\n$/],
    ['update --table nope', 1, /^tablecast update: There is no table "nope"\.\n$/],
    ['tail', 2, /^tablecast tail: missing required argument 'name'; --help lists the flags\.\n$/],
    ['tail prices --csv --json', 2, /^tablecast tail: option '--json' cannot be used with option '--csv'/],
    ['tail a/b', 2, /^tablecast tail: .*characters other than letters/],
    ['update --timeout-ms soon', 2, /^tablecast update: .*milliseconds/],
    ['tables --url nonsense', 2, /^tablecast tables: "nonsense" is no gateway's address/],
    [
      'tables --url http://127.0.0.1:1',
      1,
      /^tablecast tables: No gateway answers at http:\/\/127\.0\.0\.1:1\/ \(.+\)\. Start.*--url.*\n$/,
    ],
    ['completion csh', 2, /^tablecast completion: .*bash, zsh, fish/],
    ['tables --nope', 2, /^tablecast tables: unknown option '--nope'/],
  ])('tablecast %s exits with %i and one line', async (args, code, stderr) => {
    const result = await run(args);
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toMatch(stderr);
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('--help is no error', async () => {
    const { code, stdout, stderr } = await run('tail --help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/--once/);
  });
});

/** Publishes to the table `prices` of a gateway whose certificate is {@link SELF_SIGNED_CERT}. */
async function postTrusting(url: string, token: string): Promise<void> {
  const request = https.request(new URL('tables/prices', url), {
    method: 'POST',
    ca: SELF_SIGNED_CERT,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  request.end('[{"x":7}]');
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(200);
}

describe('with a gateway that wants a token and has a certificate of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tablecast-terminal-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  let secured: SpawnedGateway;

  beforeAll(async () => {
    writeFileSync(files.cert, SELF_SIGNED_CERT);
    writeFileSync(files.key, SELF_SIGNED_KEY);
    secured = await spawnGateway({
      args: ['--tls-cert', files.cert, '--tls-key', files.key],
      env: { TABLECAST_WRITE_TOKEN: 'w'.repeat(32), TABLECAST_VIEW_TOKEN: 'v'.repeat(32) },
    });
  });
  afterAll(async () => {
    await secured?.close();
    rmSync(folder, { recursive: true });
  });

  test('says what is missing, and works with both', async () => {
    const env = { TABLECAST_URL: secured.url };
    expect((await run('tables', env)).stderr).toMatch(/SELF_SIGNED.*NODE_EXTRA_CA_CERTS/);
    const trusted = { ...env, NODE_EXTRA_CA_CERTS: files.cert };
    const refused = await run('tail prices --once', trusted);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/TABLECAST_TOKEN\.\n$/)]);
    const reading = { ...trusted, TABLECAST_TOKEN: 'v'.repeat(32) };
    expect((await run('update', reading)).stderr).toMatch(/view token reads only/);
    expect((await run(`update --token ${'w'.repeat(32)}`, reading)).code).toBe(0);
    const tail = start('tail prices', reading);
    await waitFor(() => /there is no table "prices" yet/.test(tail.stderr()), { what: 'the note' });
    await postTrusting(secured.url, 'w'.repeat(32));
    await tail.printed(/"x":7/);
  });
});

describe('tablecast completion', () => {
  test.each(['bash', 'zsh', 'fish'])(
    'prints a script for %s that knows all commands and flags',
    async (shell) => {
      const { code, stdout } = await run(`completion ${shell}`);
      expect(code).toBe(0);
      for (const word of ['tail', 'update', 'tables', 'top', 'publish', 'gateway', 'timeout-ms'])
        expect(stdout).toContain(word);
    },
  );

  test('completes commands, flags and tables in bash', async (context) => {
    if (spawnSync('bash', ['--version']).status !== 0) return context.skip('there is no bash here');
    const { stdout } = await run('completion bash');
    const complete = (words: string[]): string[] => {
      const script = `${stdout}
tablecast() { "${process.execPath}" "${COMMAND}" "$@"; }
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_tablecast; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const env = { ...process.env, TABLECAST_URL: gateway.url };
      return spawnSync('bash', ['-c', script], { encoding: 'utf8', env }).stdout.trimEnd().split('\n');
    };
    expect(complete(['tablecast', 'ta'])).toEqual(['tail', 'tables']);
    expect(complete(['tablecast', 'update', '--t'])).toEqual(['--table', '--timeout-ms', '--token']);
    expect(complete(['tablecast', 'tail', 'pri'])).toEqual(['prices']);
    expect(complete(['tablecast', 'update', '--table', 'lo'])).toEqual(['log']);
  });
});
