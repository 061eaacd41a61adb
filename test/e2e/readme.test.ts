import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks, readDocument } from '../docs/markdown.ts';
import { pythonVenv, pythonVenvTimeoutMs } from '../support/python-venv.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const blocks = codeBlocks(readDocument('README.md'));
const DEFAULT_URL = 'http://127.0.0.1:8080/';
const DEFAULT_PULL = 'tcp://127.0.0.1:5413';

function blockWith(info: string, part: string): string {
  const block = blocks.find((one) => one.info === info && one.text.includes(part));
  if (block === undefined) throw new Error(`README.md has no ${info} block with ${part}`);
  return block.text.trim();
}

describe('what README.md tells to type', () => {
  let gateway: SpawnedGateway;
  let python: string | null = null;
  beforeAll(async () => {
    python = await pythonVenv();
    gateway = await spawnGateway();
  }, pythonVenvTimeoutMs);
  afterAll(() => gateway?.close());

  test('the Python lines are five, and put the dataframe on the page', async (context) => {
    const lines = blockWith('python', DEFAULT_PULL);
    expect(lines.split('\n')).toHaveLength(5);
    if (python === null) return context.skip('there is no Python environment here');
    const program = spawn(python, ['-c', lines.replace(DEFAULT_PULL, gateway.pull)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await once(program, 'close')).toEqual([0, null]);
    const rows = await waitFor(
      async () => {
        const response = await fetch(new URL('tables/weather.json', gateway.url));
        return response.ok ? response.json() : null;
      },
      { what: 'the table weather' },
    );
    expect(rows).toEqual([
      { city: 'Oslo', celsius: 4.5 },
      { city: 'Rome', celsius: 17 },
    ]);
  });

  test('the curl line makes the next version', async () => {
    const [program, ...args] = blockWith('sh', 'curl').replace(DEFAULT_URL, gateway.url).split(' ');
    expect(program).toBe('curl');
    const answers: unknown[] = [];
    for (let i = 0; i < 2; i++) answers.push(JSON.parse(await answerOf(args)));
    const [first, second] = answers as { version: number }[];
    expect(second?.version).toBe((first?.version ?? 0) + 1);
  });
});

/** curl's answer; the same request by fetch where there is no curl. */
async function answerOf(args: readonly string[]): Promise<string> {
  const curl = spawnSync('curl', ['--silent', ...args], { encoding: 'utf8' });
  if (curl.error === undefined) return curl.stdout;
  expect(args.slice(0, 2)).toEqual(['-X', 'POST']);
  return (await fetch(args[2]!, { method: 'POST' })).text();
}
