import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { codeBlocks, readDocument, section } from '../docs/markdown.ts';
import { freeAddress } from '../support/free-port.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { pythonPackages } from '../support/python-packages.ts';
import { pythonVenvTimeoutMs } from '../support/python-venv.ts';
import { livePattern } from '../support/spawn-gateway.ts';
import { type SpawnedProgram, spawnProgram } from '../support/spawn-program.ts';
import { openExamplePage } from './example-page.ts';

const GATEWAY = 'http://127.0.0.1:8080/';
const publishing = section(readDocument('README.md'), '## Publish your own dataframe');
const blocks = codeBlocks(publishing);
const commands = blocks.slice(0, 2).flatMap(({ text }) => text.trim().split('\n'));
const lines = blocks[2]!.text;

let browser: Browser;
let program: SpawnedProgram | undefined;
const directory = mkdtempSync(join(tmpdir(), 'tablecast-minute-'));

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await program?.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("a pandas user's first minute, as the README tells it", () => {
  test('takes three commands', () => {
    expect(commands).toEqual(['npm start', expect.stringMatching(/^pip install /), 'python']);
  });

  test('ends with the dataframe live in the browser', { timeout: pythonVenvTimeoutMs }, async (context) => {
    const python = await pythonPackages(commands[1]!.split(' ').slice(2));
    if (python === null) return context.skip('there is no Python environment here');
    const free = ['--port', '0', '--connect', await freeAddress(), '--bind', 'none', '--pull', 'none'];
    program = spawnProgram({ module: join(projectRoot, 'scripts', 'start.mjs'), args: free });
    const [, url = ''] = await program.printed(livePattern, 60_000);

    const { page, complaints } = await openExamplePage(browser, `${url}?table=weather`);
    const publish = async (text: string): Promise<void> => {
      const child = spawn(python, [], {
        cwd: directory,
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
        stdio: ['pipe', 'ignore', 'inherit'],
      });
      child.stdin.end(text.replaceAll(GATEWAY, url).replace('Tablecast()', `Tablecast("${url}")`));
      expect(await once(child, 'close')).toEqual([0, null]);
    };
    await publish(lines);
    const grid = page.getByRole('grid', { name: 'weather' });
    await grid.getByRole('gridcell', { name: 'Oslo' }).waitFor();
    await grid.getByRole('gridcell', { name: '4.5' }).waitFor();
    await publish(lines.replace('"Oslo"', '"Kyiv"'));
    await grid.getByRole('gridcell', { name: 'Kyiv' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
