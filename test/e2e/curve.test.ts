import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Push } from 'zeromq';
import { type CurveKeyPair, parseKeyPair } from '../../protocol/curve-keys.ts';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { busMessage } from '../support/arrow-messages.ts';
import { freeAddress } from '../support/free-port.ts';
import { type SpawnedGateway, type SpawnGatewayOptions, spawnGateway } from '../support/spawn-gateway.ts';
import { spawnProducer } from '../support/spawn-producer.ts';
import { type SpawnedProgram, spawnProgram } from '../support/spawn-program.ts';
import { waitFor } from '../support/wait-for.ts';

const folder = mkdtempSync(join(tmpdir(), 'tablecast-curve-'));
const file = (name: string) => join(folder, name);
const allowed = file('allowed-keys');
const pairs = new Map<string, CurveKeyPair>();

function makeKeys(name: string): SpawnedProgram {
  const module = join(projectRoot, 'scripts', 'tablecast.mjs');
  return spawnProgram({ module, args: ['keys', name], cwd: folder });
}

beforeAll(async () => {
  for (const name of ['gateway', 'producer', 'stranger']) {
    const program = makeKeys(name);
    expect(await program.ended, program.stderr()).toEqual({ code: 0, signal: null });
    const pair = parseKeyPair(readFileSync(file(`${name}.key`), 'utf8'), name);
    pairs.set(name, pair);
    expect(program.stdout()).toContain(pair.publicKey);
    expect(program.stdout()).not.toContain(pair.secretKey);
  }
  // What `keys` writes as a public key is a line of this list.
  writeFileSync(
    allowed,
    ['producer', 'gateway'].map((name) => readFileSync(file(`${name}.pub`), 'utf8')).join(''),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});
function closedAfter<T extends { close(): unknown }>(one: T): T {
  opened.push(one);
  return one;
}

const ownKeys = ['--curve-secret-key-file', file('gateway.key')];

async function start(options: SpawnGatewayOptions, keys: readonly string[]): Promise<SpawnedGateway> {
  const off = { connect: 'none', bind: 'none', pull: 'none' };
  return closedAfter(await spawnGateway({ ...off, ...options, args: [...ownKeys, ...keys] }));
}

/** A PUSH socket with the keys of `who`; without any where null. It sends one row to the table `who`. */
function push(address: string, who: string | null): void {
  const pair = who === null ? null : pairs.get(who)!;
  const security = pair && {
    curvePublicKey: pair.publicKey,
    curveSecretKey: pair.secretKey,
    curveServerKey: pairs.get('gateway')!.publicKey,
  };
  const socket = closedAfter(new Push({ linger: 0, ...security }));
  socket.connect(address);
  // Where it is turned away, it waits until it is closed.
  socket.send(busMessage(who ?? 'nobody', [{ n: 1 }]) as Buffer[]).catch(() => undefined);
}

async function tablesOf(gateway: SpawnedGateway): Promise<string[]> {
  const response = await fetch(new URL('tables', gateway.url));
  return ((await response.json()) as { tables: { name: string }[] }).tables.map(({ name }) => name);
}

describe('sockets that bind with keys', () => {
  test('take what a known key sends, and turn a stranger away, and say so', async () => {
    const pull = await freeAddress();
    const gateway = await start({ pull }, ['--curve-allowed-keys', allowed]);
    push(pull, 'stranger');
    const refusal = () => gateway.stderr().match(/turned away from the bus.*/)?.[0];
    await waitFor(refusal, { what: 'the refusal in the log' });
    expect(refusal()).toContain(pairs.get('stranger')!.publicKey);
    push(pull, 'producer');
    await waitFor(async () => (await tablesOf(gateway)).length > 0, { what: 'a table' });
    expect(await tablesOf(gateway)).toEqual(['producer']);
    for (const { secretKey } of pairs.values()) expect(gateway.stderr()).not.toContain(secretKey);
  });

  test('turn away who shows no key', async () => {
    const pull = await freeAddress();
    const gateway = await start({ pull }, ['--curve-allowed-keys', allowed]);
    const isLogged = () => gateway.stderr().includes('turned away');
    // Both ends see that they do not fit; where the stranger sees it first and goes, nobody was turned away.
    while (!isLogged()) {
      push(pull, null);
      await waitFor(isLogged, { what: 'the refusal in the log', timeoutMs: 1000 }).catch(() => undefined);
    }
    push(pull, 'producer');
    await waitFor(async () => (await tablesOf(gateway)).length > 0, { what: 'a table' });
    expect(await tablesOf(gateway)).toEqual(['producer']);
  });

  test('may be reached by other machines without --insecure', async () => {
    const port = new URL(await freeAddress()).port;
    const gateway = await start({ pull: `tcp://0.0.0.0:${port}` }, ['--curve-allowed-keys', allowed]);
    push(`tcp://127.0.0.1:${port}`, 'producer');
    await waitFor(async () => (await tablesOf(gateway)).length > 0, { what: 'a table' });
  });
});

describe("the producer's keys", () => {
  const producerKeys = ['--curve-secret-key-file', file('producer.key')];
  const memory = (gateway: SpawnedGateway) =>
    waitFor(async () => (await tablesOf(gateway)).includes('memory'), {
      what: "the producer's table",
    });

  test.each(['connect', 'push'] as const)('fit a gateway that it reaches by --%s', async (link) => {
    const address = await freeAddress();
    const gateway = await start(link === 'push' ? { pull: address } : { bind: address }, [
      '--curve-allowed-keys',
      allowed,
    ]);
    const args = [...producerKeys, '--curve-server-key', pairs.get('gateway')!.publicKey];
    closedAfter(spawnProducer({ [link]: address, args }));
    await memory(gateway);
  });

  test('let the gateways in that it lists, where it binds', async () => {
    const connect = await freeAddress();
    const gateway = await start({ connect }, ['--curve-producer-key', pairs.get('producer')!.publicKey]);
    closedAfter(spawnProducer({ bind: connect, args: [...producerKeys, '--curve-allowed-keys', allowed] }));
    await memory(gateway);
  });

  test('of another producer are not taken for those that the gateway connects to', async () => {
    const [right, wrong] = [await freeAddress(), await freeAddress()];
    const args = ['--curve-allowed-keys', allowed];
    const gateway = closedAfter(
      await spawnGateway({
        connect: `${wrong},${right}`,
        bind: 'none',
        pull: 'none',
        args: [...ownKeys, '--curve-producer-key', pairs.get('producer')!.publicKey],
      }),
    );
    const stranger = ['--curve-secret-key-file', file('stranger.key'), ...args];
    const strange = closedAfter(spawnProducer({ bind: wrong, args: stranger }));
    await strange.printed(/Publishing/);
    closedAfter(spawnProducer({ bind: right, args: [...producerKeys, ...args] }));
    await memory(gateway);
  });
});

describe('tablecast keys', () => {
  test('overwrites nothing', async () => {
    const before = readFileSync(file('gateway.key'), 'utf8');
    const program = makeKeys('gateway');
    expect((await program.ended).code).toBe(1);
    expect(program.stderr().trim()).toBe('gateway.key is there already; give another name.');
    expect(readFileSync(file('gateway.key'), 'utf8')).toBe(before);
  });

  test.runIf(process.platform !== 'win32')('writes the secret for its owner alone', () => {
    expect(statSync(file('gateway.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(file('gateway.pub'), 'utf8')).not.toContain(pairs.get('gateway')!.secretKey);
  });
});
