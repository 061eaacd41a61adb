import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readJson, readTable } from '../support/gateway-http.ts';
import { openLossyHop } from '../support/lossy-hop.ts';
import { pythonVenv, pythonVenvTimeoutMs } from '../support/python-venv.ts';
import { spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const NUMBERED = fileURLToPath(new URL('../../examples/python/numbered.py', import.meta.url));
const BARE = `
import sys, time, pyarrow as pa, zmq
batch = pa.record_batch({"n": [1, 2]})
with pa.ipc.new_stream(sink := pa.BufferOutputStream(), batch.schema) as stream: stream.write_batch(batch)
socket = zmq.Context().socket(zmq.PUB)
socket.connect(sys.argv[1])
while True:
    socket.send_multipart([b"bare", sink.getvalue()])
    time.sleep(0.05)
`;

interface Info {
  readonly checked: boolean;
  readonly gaps: number;
  readonly missing: number;
  readonly missing_before: number;
  readonly producer: string | null;
}

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});
function closing<T extends { close(): unknown }>(one: T): T {
  opened.push(one);
  return one;
}

describe('producers in Python', () => {
  let python: string | null = null;
  beforeAll(async () => {
    python = await pythonVenv();
  }, pythonVenvTimeoutMs);

  function start(program: string, args: readonly string[]): void {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    closing({ close: () => child.kill('SIGKILL') });
  }
  const infoOf = async (url: string, table: string) =>
    (await readTable(url, table)) === null ? null : readJson<Info>(url, `tables/${table}`);

  test('a bare PUB is shown, and not checked', async (context) => {
    if (python === null) return context.skip('there is no Python environment here');
    const gateway = closing(await spawnGateway({ connect: 'none', pull: 'none', readyTimeoutMs: 60_000 }));
    start(python, ['-c', BARE, gateway.bind]);
    const info = await waitFor(() => infoOf(gateway.url, 'bare'), { what: 'the table', timeoutMs: 30_000 });
    expect(info).toMatchObject({ checked: false, gaps: 0, missing: 0, producer: null });
  });

  test('examples/python/numbered.py mends what a lossy way took from it', async (context) => {
    if (python === null) return context.skip('there is no Python environment here');
    const gateway = closing(await spawnGateway({ connect: 'none', pull: 'none', readyTimeoutMs: 60_000 }));
    const hop = closing(await openLossyHop({ gateway: gateway.bind }));
    const lost = new Set<number>();
    hop.fateOf = ({ topic, header: { seq = 0, snapshot } }) => {
      if (topic !== 'stocks' || snapshot === true || seq % 3 !== 0) return 'passes';
      lost.add(seq);
      return 'is lost';
    };
    start(python, [NUMBERED, '1000000', hop.address]);
    const mended = await waitFor(
      async () => {
        const info = await infoOf(gateway.url, 'stocks');
        return info !== null && info.gaps >= 2 && info.producer === 'live' && info;
      },
      { what: 'gaps', timeoutMs: 30_000 },
    );
    expect(mended.checked).toBe(true);
    expect(lost.size).toBeGreaterThanOrEqual(2);
    hop.fateOf = () => 'passes';
    await waitFor(
      async () => {
        const info = await infoOf(gateway.url, 'stocks');
        return info?.missing === 0 && info.missing_before === 0;
      },
      { what: 'the mended table', timeoutMs: 30_000 },
    );
  });
});
