import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTcpAddress } from '../../protocol/bus-address.ts';
import { withMemorySettings } from '../../scripts/supervisor/memory-settings.mjs';
import { supervise } from '../../scripts/supervisor/supervisor.mjs';
import { spawnProgram } from '../support/spawn-program.ts';
import { waitFor } from '../support/wait-for.ts';

// Stand-ins write their process id, so that a test can see them and end them from outside.
const begin = `
  import { appendFileSync } from 'node:fs';
  import { fileURLToPath } from 'node:url';
  appendFileSync(fileURLToPath(import.meta.url) + '.pids', process.pid + '\\n');
  const stayAlive = () => setInterval(() => {}, 1000);
`;
const live = `console.log('Tablecast is live at http://127.0.0.1:1/'); stayAlive();`;
const endsInOrder = `process.on('SIGTERM', () => process.exit(0));`;

describe('the supervisor', () => {
  let folder: string;
  let output: string;
  let running: ReturnType<typeof supervise> | undefined;

  function start(
    gateway: string,
    producer: string,
    args: readonly string[] = [],
    ending: { readonly endTimeoutMs?: number } = {},
  ) {
    const gatewayModule = join(folder, 'gateway.mjs');
    const producerModule = join(folder, 'producer.mjs');
    writeFileSync(gatewayModule, begin + gateway);
    writeFileSync(producerModule, begin + producer);
    const sink = { write: (chunk: string | Uint8Array) => (output += chunk.toString()) };
    running = supervise({
      gatewayModule,
      producerModule,
      args,
      parseTcpAddress,
      env: {},
      stdout: sink,
      stderr: sink,
      restartDelayMs: 20,
      ...ending,
    });
    return running;
  }

  function pids(name: string): number[] {
    try {
      // The file is there before the first line is.
      const lines = readFileSync(join(folder, `${name}.mjs.pids`), 'utf8').split('\n');
      return lines.slice(0, -1).map(Number);
    } catch {
      return [];
    }
  }

  function isAlive(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }

  function expectNothingLeft(): void {
    expect([...pids('gateway'), ...pids('producer')].filter(isAlive)).toEqual([]);
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tablecast-supervisor-'));
    output = '';
  });
  afterEach(async () => {
    await running?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the producer its address and prints what both print', async () => {
    start(live, `console.log('producer', process.argv.slice(2).join(' ')); stayAlive();`, [
      '--connect',
      'tcp://127.0.0.1:7000',
    ]);
    await waitFor(() => output.includes('producer system --bind tcp://127.0.0.1:7000\n'), {
      what: 'both outputs',
    });
    expect(output).toContain('Tablecast is live at http://127.0.0.1:1/');
  });

  it('lets the producer be reached from elsewhere where the gateway was allowed to', async () => {
    start(live, `console.log(process.argv.slice(2).join(' ')); stayAlive();`, ['--insecure']);
    const expected = 'system --bind tcp://127.0.0.1:5411 --insecure\n';
    await waitFor(() => output.includes(expected), { what: 'the flag' });
  });

  it('ends both in order when it is closed, with exit code 0', async () => {
    const { exitCode, close } = start(endsInOrder + live, `${endsInOrder} stayAlive();`);
    await waitFor(() => output.includes('live') && pids('producer').length === 1, { what: 'both to run' });
    await close();
    expect(await exitCode).toBe(0);
    expectNothingLeft();
  });

  it('kills what does not end by itself', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); process.on('SIGINT', () => {});`;
    const { close } = start(stubborn + live, `${stubborn} stayAlive();`, [], { endTimeoutMs: 300 });
    await waitFor(() => output.includes('live') && pids('producer').length === 1, { what: 'both to run' });
    await Promise.all([close(), close()]);
    expectNothingLeft();
  });

  it('lets a gateway drain for longer than its three seconds, and asks it only once', async () => {
    const drains = `
      let asked = 0;
      process.on('SIGTERM', () => { asked++; setTimeout(() => process.exit(asked === 1 ? 0 : 7), 3200); });`;
    const { exitCode, close } = start(drains + live, `${endsInOrder} stayAlive();`);
    await waitFor(() => output.includes('live') && pids('producer').length === 1, { what: 'both to run' });
    await Promise.all([close(), close()]);
    expect(await exitCode).toBe(0);
    expectNothingLeft();
  });

  it('ends the producer with the gateway, whose exit code and reason alone it passes on', async () => {
    const { exitCode } = start(
      `console.error('Port 8080 is in use.'); setTimeout(() => process.exit(3), 200);`,
      `console.error('confusing'); process.exit(1);`,
    );
    expect(await exitCode).toBe(3);
    expect(output).toBe('Port 8080 is in use.\n');
    expectNothingLeft();
  });

  it('starts the producer again when it ends, says so, and leaves the gateway alone', async () => {
    start(live, 'stayAlive();');
    await waitFor(() => output.includes('live') && pids('producer').length === 1, { what: 'both to run' });
    process.kill(Number(pids('producer')[0]), 'SIGKILL');
    await waitFor(() => pids('producer').length === 2, { what: 'a second producer' });
    expect(output).toContain('The producer ended (SIGKILL); starting it again in 0.02 s.\n');
    expect(pids('gateway')).toHaveLength(1);
  });

  it('waits longer each time that the producer fails', async () => {
    start(live, 'process.exit(1);');
    await waitFor(() => output.includes('in 0.08 s.'), { what: 'the third restart' });
    expect(output).toMatch(/in 0\.02 s\.\n.*in 0\.04 s\.\n.*in 0\.08 s\./s);
  });

  it('starts a producer that connects only once the gateway is live', async () => {
    start(
      `setTimeout(() => { console.log('Tablecast is live at x'); stayAlive(); }, 200);`,
      `console.log('here'); stayAlive();`,
      ['--connect', 'none'],
    );
    await waitFor(() => output.includes('here'), { what: 'the producer' });
    expect(output).toBe('Tablecast is live at x\nhere\n');
  });

  it('starts no producer where the gateway only prints its help', async () => {
    const { exitCode } = start(`console.log('usage');`, 'stayAlive();', ['--help']);
    expect(await exitCode).toBe(0);
    expect(output).toBe('usage\n');
    expect(pids('producer')).toEqual([]);
  });

  it('says in one line why there is no producer', async () => {
    start(live, 'stayAlive();', ['--connect=none', '--bind=none', '--pull=none']);
    await waitFor(() => output.includes('live'), { what: 'the gateway' });
    expect(output).toContain('The built-in producer is not started');
    expect(pids('producer')).toEqual([]);
  });
});

describe('a child program', () => {
  it('ends in order when its parent is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tablecast-parent-'));
    const childPath = join(folder, 'child.mjs');
    const endedPath = join(folder, 'ended');
    writeFileSync(
      childPath,
      `import { writeFileSync } from 'node:fs';
       process.on('SIGTERM', () => { writeFileSync(${JSON.stringify(endedPath)}, 'in order'); process.exit(0); });
       setInterval(() => {}, 1000);
       console.log('up');`,
    );
    const supervisorUrl = new URL('../../scripts/supervisor/child-program.mjs', import.meta.url).href;
    const parentPath = join(folder, 'parent.mjs');
    writeFileSync(
      parentPath,
      `import { startProgram } from ${JSON.stringify(supervisorUrl)};
       startProgram({ module: ${JSON.stringify(childPath)}, args: [] });`,
    );
    const parent = spawnProgram({ module: parentPath, args: [] });
    await parent.printed(/up/);
    parent.kill('SIGKILL');
    await waitFor(() => readFileSync(endedPath, 'utf8') === 'in order', { what: 'the child to end' });
    await parent.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('the memory settings', () => {
  it('are those of glibc, and leave what somebody has set', () => {
    expect(withMemorySettings({ A: '1', MALLOC_TRIM_THRESHOLD_: '7' })).toEqual({
      A: '1',
      MALLOC_MMAP_THRESHOLD_: '262144',
      MALLOC_TRIM_THRESHOLD_: '7',
    });
  });
});
