import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { typeName } from '../../protocol/arrow/data-type.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { type BusPeer, puller } from '../producer/bus-peer.ts';
import { freeAddress } from '../support/free-port.ts';
import { pythonVenv, pythonVenvTimeoutMs } from '../support/python-venv.ts';

const PUBLISH = fileURLToPath(new URL('../../examples/python/publish.py', import.meta.url));

let python: string | null = null;
let peer: BusPeer | undefined;

beforeAll(async () => {
  python = await pythonVenv();
}, pythonVenvTimeoutMs);

afterEach(() => peer?.close());

describe('examples/python/publish.py', () => {
  test('sends as many keyed updates as asked for, each whole, and ends by itself', async (context) => {
    if (python === null) return context.skip('there is no Python environment here');
    peer = puller();
    const program = spawn(python, [PUBLISH, '3', peer.endpoint], { stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = once(program, 'close');
    for (let update = 0; update < 3; update++) {
      const { topic, header, rows, arrow } = await peer.next();
      expect(topic).toBe('prices');
      expect(header).toEqual({ op: 'upsert', key: 'symbol' });
      expect(readIpc(arrow).fields.map((field) => [field.name, typeName(field.type)])).toEqual([
        ['symbol', 'utf8'],
        ['price', 'float64'],
      ]);
      expect(rows.map((row) => row.symbol)).toEqual(['ACME', 'GLOBEX']);
    }
    expect(await ended).toEqual([0, null]);
  });

  test('loses nothing where it starts before anybody listens', async (context) => {
    if (python === null) return context.skip('there is no Python environment here');
    const address = await freeAddress();
    const program = spawn(python, [PUBLISH, '2', address], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = once(program, 'close');
    await once(program, 'spawn');
    peer = puller(address);
    expect((await peer.next()).rows).toHaveLength(2);
    expect((await peer.next()).rows).toHaveLength(2);
    expect(await ended).toEqual([0, null]);
  });
});
