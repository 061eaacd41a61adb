import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { codeBlocks, readDocument } from '../docs/markdown.ts';
import { postRows } from '../support/gateway-http.ts';
import { runCommand } from '../support/run-command.ts';
import { spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const built = pathToFileURL(join(projectRoot, 'dist/ui/client/node.js')).href;

test('the program of docs/client.md follows a table in Node as it stands there', async () => {
  const [block, ...more] = codeBlocks(readDocument('docs/client.md')).filter(({ info }) => info === 'js');
  expect(more).toEqual([]);
  const gateway = await spawnGateway();
  const directory = mkdtempSync(join(tmpdir(), 'tablecast-client-'));
  const program = join(directory, 'follow.mjs');
  const text = block!.text.replace('http://127.0.0.1:8080/', gateway.url).replace('tablecast/client', built);
  writeFileSync(program, text);
  await postRows(gateway.url, 'prices', [{ symbol: 'A', price: 1.5 }], '?op=append');
  const running = runCommand(process.execPath, [program], { cwd: directory });
  try {
    await waitFor(() => /^1 1 \[ \{ symbol: 'A', price: 1.5 \} \]$/m.test(running.output()), {
      what: 'the table as it was',
      timeoutMs: 20_000,
    });
    await postRows(gateway.url, 'prices', [{ symbol: 'B', price: 2.5 }], '?op=append');
    await waitFor(() => /^2 2 \[/m.test(running.output()), { what: 'the next version', timeoutMs: 20_000 });
  } finally {
    await running.close();
    await gateway.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
