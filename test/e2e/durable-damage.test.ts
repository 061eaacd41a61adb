import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtProgram } from '../../scripts/prepare/project.mjs';
import { postRows, readTable } from '../support/gateway-http.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { livePattern, spawnGateway } from '../support/spawn-gateway.ts';
import { type SpawnedProgram, spawnProgram } from '../support/spawn-program.ts';

const PAGE_BYTES = 4096;
const PUBLICATIONS = 20;
const root = mkdtempSync(join(tmpdir(), 'tablecast-damage-'));
const whole = join(root, 'whole');
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeAll(async () => {
  const gateway = await spawnGateway({
    connect: 'none',
    bind: 'none',
    pull: 'none',
    args: ['--data-dir', whole],
  });
  for (let n = 0; n < PUBLICATIONS; n++)
    await postRows(gateway.url, 't', [{ n, text: 'x'.repeat(3000) }], '?op=append');
  gateway.kill('SIGTERM');
  await gateway.ended;
});

function start(dataDir: string): SpawnedProgram {
  const off = ['--connect', '--bind', '--pull'].flatMap((flag) => [flag, 'none']);
  return spawnProgram({
    module: builtProgram('gateway'),
    args: ['--port', '0', ...off, '--data-dir', dataDir],
  });
}

/** The address where it has started; null where it has ended. */
async function urlOf(program: SpawnedProgram): Promise<string | null> {
  const live = program.printed(livePattern, 60_000).then(
    ([, url = '']) => url,
    () => null,
  );
  return Promise.race([live, program.ended.then(() => null)]);
}

describe('a directory with a damaged page', () => {
  const pageCount = () => statSync(join(whole, 'data.mdb')).size / PAGE_BYTES;
  // The second page, which says where the trees are, and from the end on what the last transactions wrote of them.
  const pages = [1, -3, -6, -7, -9];

  test.each(pages)('page %i: refused with a line that says so, or not missed', async (page) => {
    const dataDir = join(root, `page${page}`);
    cpSync(whole, dataDir, { recursive: true });
    const file = join(dataDir, 'data.mdb');
    const bytes = readFileSync(file);
    const random = new SeededRandom(page);
    const at = (page < 0 ? pageCount() + page : page) * PAGE_BYTES;
    for (let i = 0; i < 64; i++) bytes[at + i] = random.below(256);
    writeFileSync(file, bytes);
    const program = start(dataDir);
    const url = await urlOf(program);
    if (url === null) {
      const { code, signal } = await program.ended;
      expect({ code, signal, stderr: program.stderr() }).toEqual({
        code: 1,
        signal: null,
        // LMDB itself says a line of its own before it where what is damaged are free pages.
        stderr: expect.stringMatching(/error: [^\n]*(damaged pages|checksum|its end is missing)[^\n]*\n$/),
      });
      return;
    }
    expect((await readTable(url, 't'))?.rows.map(({ n }) => n)).toEqual([...Array(PUBLICATIONS).keys()]);
    await postRows(url, 't', [{ n: PUBLICATIONS, text: '' }], '?op=append');
    expect((await program.close()).code).toBe(0);
  });
});
