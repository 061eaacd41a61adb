import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { endsWithin } from '../support/ends-within.ts';
import { freeAddress, freePort } from '../support/free-port.ts';
import { livePattern } from '../support/spawn-gateway.ts';
import { type SpawnedProgram, spawnProgram } from '../support/spawn-program.ts';
import { waitFor } from '../support/wait-for.ts';

interface TableList {
  tables: readonly { name: string; rows: number }[];
}

async function readTables(url: string): Promise<TableList> {
  const response = await fetch(new URL('tables', url));
  return (await response.json()) as TableList;
}

describe('npm start', () => {
  let started: SpawnedProgram | undefined;

  async function start(...args: string[]): Promise<SpawnedProgram> {
    const module = join(projectRoot, 'scripts', 'start.mjs');
    started = spawnProgram({ module, args: [...args, '--bind', 'none', '--pull', 'none'] });
    return started;
  }

  afterEach(() => started?.close());

  it("prints the page's address, then shows this machine's tables", async () => {
    const program = await start('--port', '0', '--connect', await freeAddress());
    const [, url = ''] = await program.printed(livePattern);
    // A load needs two samples, so cpu comes later than the rest.
    await waitFor(
      async () => {
        const { tables } = await readTables(url);
        return ['cpu', 'memory'].every((wanted) =>
          tables.some(({ name, rows }) => name === wanted && rows > 0),
        );
      },
      { what: "rows of the built-in producer's tables cpu and memory" },
    );
  });

  it.runIf(process.platform !== 'win32')(
    'ends gateway and producer within two seconds of SIGINT',
    async () => {
      const producerAddress = await freeAddress();
      const program = await start('--port', '0', '--connect', producerAddress);
      const [, url = ''] = await program.printed(livePattern);
      await waitFor(async () => (await readTables(url)).tables.length > 0, {
        what: 'a table',
      });
      const end = await endsWithin(2000, program, 'SIGINT');
      expect(end).toEqual({ code: 0, signal: null, isInTime: true });
      await expect(fetch(url)).rejects.toThrow();
      // The producer's port is free again: it is gone too.
      const again = await start('--port', '0', '--connect', producerAddress);
      const [, secondUrl = ''] = await again.printed(livePattern);
      await waitFor(async () => (await readTables(secondUrl)).tables.length > 0, {
        what: 'a table on the same address',
      });
      expect(again.stderr()).not.toContain('The producer ended');
    },
  );

  it('ends with one line and no producer where the port is in use', async () => {
    const port = String(await freePort());
    const first = await start('--port', port, '--connect', await freeAddress());
    await first.printed(livePattern);
    const second = spawnProgram({
      module: join(projectRoot, 'scripts', 'start.mjs'),
      args: ['--port', port, '--connect', await freeAddress(), '--bind', 'none', '--pull', 'none'],
    });
    const { code } = await second.ended;
    expect(code).toBeGreaterThan(0);
    expect(second.stderr().trim().split('\n')).toHaveLength(1);
    expect(second.stderr()).toContain(port);
    expect(second.stdout()).toBe('');
  });

  it('ends with one line where a flag is wrong', async () => {
    const program = await start('--no-such-flag');
    const { code } = await program.ended;
    expect(code).toBeGreaterThan(0);
    expect(program.stderr()).toContain('--no-such-flag');
    expect(program.stderr().trim().split('\n')).toHaveLength(1);
  });
});
