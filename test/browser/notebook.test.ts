import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { exampleCommands } from '../support/examples.ts';
import { postRows } from '../support/gateway-http.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { pythonPackages } from '../support/python-packages.ts';
import { pythonVenvTimeoutMs } from '../support/python-venv.ts';
import { runPython } from '../support/run-python.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';

const NOTEBOOK = join(projectRoot, 'examples', 'jupyter', 'live-table.ipynb');
const GATEWAY = 'http://127.0.0.1:8080';
const RUN = `import json, sys, nbformat
from nbclient import NotebookClient
path, folder, gateway = sys.argv[1:]
book = nbformat.read(path, as_version=4)
nbformat.validate(book)
for cell in book.cells: cell.source = cell.source.replace("${GATEWAY}", gateway)
NotebookClient(book, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
print(json.dumps([[output.get("data", {}) for output in cell.get("outputs", [])] for cell in book.cells]))`;

const directory = mkdtempSync(join(tmpdir(), 'tablecast-notebook-'));
let browser: Browser;
/** Stands for Jupyter's page: shows a cell's output from an origin of its own. */
let page: Server;
let shown = '';
let gateway: SpawnedGateway | undefined;

beforeAll(async () => {
  browser = await launchChromium();
  page = createServer((_, response) => response.setHeader('content-type', 'text/html').end(shown));
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await browser?.close();
  await gateway?.close();
  page?.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('a notebook', () => {
  test('shows a live table in a cell, where its page is allowed to', {
    timeout: pythonVenvTimeoutMs,
  }, async (context) => {
    const python = await pythonPackages(['nbclient', 'ipykernel']);
    if (python === null) return context.skip('there is no Python environment here');
    const jupyter = `http://localhost:${(page.address() as AddressInfo).port}`;
    const [start = ''] = exampleCommands('jupyter');
    const flags = start.split(' -- ')[1]!.replace('http://localhost:8888', jupyter).split(' ');
    gateway = await spawnGateway({ args: flags });
    const url = gateway.url.replace(/\/$/, '');

    const { code, stdout, stderr } = await runPython(python, RUN, [NOTEBOOK, directory, url], {
      timeoutMs: 180_000,
    });
    expect([code, stderr]).toEqual([0, expect.anything()]);
    const outputs = (JSON.parse(stdout) as Record<string, string>[][]).flat();
    const frame = outputs
      .map((output) => output['text/html'] ?? '')
      .find((html) => html.includes('<iframe'))!;
    expect(outputs.some((output) => output['image/svg+xml']?.includes('<svg'))).toBe(true);

    shown = `<!doctype html><title>Notebook</title>${frame}`;
    const tab = await browser.newPage();
    await tab.goto(jupyter);
    const grid = tab.frameLocator('iframe').getByRole('grid', { name: 'steps' });
    await grid.getByRole('gridcell', { name: '0.2', exact: true }).waitFor();
    await tab.frameLocator('iframe').locator('[role=img] canvas').first().waitFor();
    await postRows(gateway.url, 'steps', [{ loss: 0.125 }], '?op=append');
    await grid.getByRole('gridcell', { name: '0.125' }).waitFor();

    const blocked: string[] = [];
    tab.on('console', (message) => blocked.push(message.text()));
    await tab.goto(jupyter.replace('localhost', '127.0.0.1'));
    await expect.poll(() => blocked.join('\n'), { timeout: 20_000 }).toMatch(/frame-ancestors/);
    await tab.close();
  });
});
