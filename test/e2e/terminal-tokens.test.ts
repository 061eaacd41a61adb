import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { type SpawnedProgram, spawnProgram } from '../support/spawn-program.ts';

const COMMAND = fileURLToPath(new URL('../../scripts/tablecast.mjs', import.meta.url));
const VIEW = 'v'.repeat(32);
const WRITE = 'w'.repeat(32);

const folder = mkdtempSync(join(tmpdir(), 'tablecast-tokens-'));
const file = join(folder, 'prices.csv');
let gateway: SpawnedGateway;
let running: SpawnedProgram | undefined;

beforeAll(async () => {
  writeFileSync(file, 'symbol,price\nA,1.5\n');
  gateway = await spawnGateway({ env: { TABLECAST_WRITE_TOKEN: WRITE, TABLECAST_VIEW_TOKEN: VIEW } });
});
afterEach(() => running?.close());
afterAll(async () => {
  await gateway?.close();
  rmSync(folder, { recursive: true });
});

async function run(args: readonly string[], env: Record<string, string> = {}) {
  running = spawnProgram({ module: COMMAND, args, env: { TABLECAST_URL: gateway.url, ...env } });
  const { code } = await running.ended;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

const PUBLISH = ['publish', file, '--table', 'prices', '--key', 'symbol'];

describe('commands with a gateway that wants tokens', () => {
  test.each<[string, string[], RegExp]>([
    ['publish', PUBLISH, /./],
    ['update', ['update'], /^version \d+/],
    ['tables', ['tables', '--names'], /^prices\n$/],
    ['top', ['top'], /1 table /],
    ['tail', ['tail', 'prices', '--once', '--csv'], /^symbol,price\nA,1\.5\n$/],
  ])(
    '%s works with the write token, and else exits with 1 and one line that says how',
    async (name, args, output) => {
      const none = await run(args);
      expect([none.code, none.stdout]).toEqual([1, '']);
      expect(none.stderr).toMatch(new RegExp(`^tablecast ${name}: .*TABLECAST_TOKEN.*\\n$`));

      const unknown = await run([...args, '--token', 'unknown']);
      expect([unknown.code, unknown.stdout]).toEqual([1, '']);
      expect(unknown.stderr).toMatch(new RegExp(`^tablecast ${name}: .*token.*\\n$`));
      expect(unknown.stderr).not.toContain('unknown ');

      const given = await run(args, { TABLECAST_TOKEN: WRITE });
      expect([given.code, given.stdout + given.stderr]).toEqual([0, expect.stringMatching(output)]);
    },
  );

  test.each<[string, string[], boolean]>([
    ['publish', PUBLISH, false],
    ['update', ['update'], false],
    ['tables', ['tables'], true],
    ['top', ['top'], true],
    ['tail', ['tail', 'prices', '--once'], true],
  ])('%s with the view token: reading works, writing is refused', async (_, args, isReading) => {
    const { code, stderr } = await run([...args, '--token', VIEW]);
    expect([code, stderr]).toEqual(isReading ? [0, ''] : [1, expect.stringMatching(/view token.*\n$/)]);
  });
});
