import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { curveKeyPair } from 'zeromq';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { type BusPeer, isHeartbeat, puller } from '../producer/bus-peer.ts';
import { freeAddress } from '../support/free-port.ts';
import { readJson } from '../support/gateway-http.ts';
import { pythonVenv, pythonVenvTimeoutMs } from '../support/python-venv.ts';
import { spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const FOLDER = join(projectRoot, 'producer', 'python');

let python: string | null = null;
let peer: BusPeer | undefined;

beforeAll(async () => {
  python = await pythonVenv();
}, pythonVenvTimeoutMs);
afterEach(() => peer?.close());

interface Skippable {
  skip(why: string): never;
}

/** The table's rows, once it has what the last of several publications brought. */
async function rowsWith(table: string, part: object, url: string): Promise<unknown[]> {
  return waitFor(
    async () => {
      const rows = await readJson<unknown[]>(url, `tables/${table}.json`);
      expect(rows).toContainEqual(expect.objectContaining(part));
      return rows;
    },
    { what: `${JSON.stringify(part)} in ${table}`, timeoutMs: 40_000 },
  );
}

describe('tablecast.py on the bus', () => {
  test('numbers its publications, and says so each second', async (context) => {
    peer = puller();
    const lines = `cast.publish("a", {"n": [1]}); cast.append("a", {"n": [2]}); cast.append("b", {"n": [1]})`;
    const program = goOn(context, `push="${peer.endpoint}"`, lines);
    const sent = [await peer.next(), await peer.next(), await peer.next()];
    expect(sent.map(({ topic, header }) => [topic, header.op, header.seq])).toEqual([
      ['a', 'replace', 1],
      ['a', 'append', 2],
      ['b', 'append', 1],
    ]);
    expect(new Set(sent.map(({ header }) => header.run)).size).toBe(1);
    const beat = await peer.next(isHeartbeat);
    expect(beat.header).toMatchObject({ run: sent[0]!.header.run, tables: { a: 2, b: 1 } });
    expect(Math.abs(sent[0]!.header.sent_at_ms! - Date.now())).toBeLessThan(60_000);
    await end(program);
  });

  test('brings a gateway that comes late what it published whole', async (context) => {
    const address = await freeAddress();
    const lines = `cast.publish("whole", {"n": [1]}); cast.publish("whole", {"n": [2]}, retention={"max_rows": 5})
cast.publish("grown", {"n": [1]}); cast.append("grown", {"n": [2]})
print("published", flush=True)`;
    const program = goOn(context, `bind="${address}"`, lines);
    await once(program.stdout!, 'data');
    const late = await spawnGateway({ connect: address, bind: 'none', pull: 'none' });
    expect(await rowsWith('whole', { n: 2 }, late.url)).toEqual([{ n: 2 }]);
    expect(await readJson(late.url, 'tables')).toMatchObject({
      tables: [{ name: 'whole', retention: { max_rows: 5 } }],
    });
    await late.close();
    await end(program);
  });

  test('loses nothing where it starts before the gateway', async (context) => {
    const address = await freeAddress();
    const program = goOn(
      context,
      `push="${address}"`,
      `for n in range(3000): cast.append("early", {"n": [n]})`,
    );
    const late = await spawnGateway({ connect: 'none', bind: 'none', pull: address });
    const rows = await rowsWith('early', { n: 2999 }, late.url);
    expect(rows).toEqual(Array.from({ length: 3000 }, (_, n) => ({ n })));
    await late.close();
    await end(program);
  });

  test('is let in with its keys, encrypted, by a gateway that knows them', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'tablecast-py-curve-'));
    const [own, theirs] = [curveKeyPair(), curveKeyPair()];
    const files = { key: join(folder, 'gateway.key'), allowed: join(folder, 'allowed-keys') };
    writeFileSync(files.key, `public ${theirs.publicKey}\nsecret ${theirs.secretKey}\n`, { mode: 0o600 });
    writeFileSync(files.allowed, `${own.publicKey} producer\n`);
    const keys = ['--curve-secret-key-file', files.key, '--curve-allowed-keys', files.allowed];
    const gateway = await spawnGateway({ connect: 'none', args: keys });
    const curve = JSON.stringify([own.publicKey, own.secretKey, theirs.publicKey]);
    for (const [way, address] of Object.entries({ push: gateway.pull, connect: gateway.bind })) {
      const open = `${way}="${address}", curve=${curve}`;
      const program = goOn(context, open, `cast.publish("${way}", {"n": [1]})`);
      expect(await rowsWith(way, { n: 1 }, gateway.url)).toEqual([{ n: 1 }]);
      await end(program);
    }
    await gateway.close();
    rmSync(folder, { recursive: true });
  });

  /** Runs lines until its input ends. */
  function goOn(context: Skippable, open: string, lines: string): ChildProcess {
    if (python === null) return context.skip('there is no Python environment here');
    const whole = `import sys\nfrom tablecast import *\ncast = Tablecast(${open})\n${lines}\nsys.stdin.read()\ncast.close()`;
    return spawn(python, ['-c', whole], {
      env: { ...process.env, PYTHONPATH: FOLDER, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  }

  async function end(program: ChildProcess): Promise<void> {
    const ended = once(program, 'close');
    program.stdin!.end();
    expect(await ended).toEqual([0, null]);
  }
});
