import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { postRows } from '../support/gateway-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { hasTerminals, openTerminal, type TerminalWindow } from '../support/terminal-window.ts';

const COMMAND = fileURLToPath(new URL('../../scripts/tablecast.mjs', import.meta.url));
const BACK_TO_BEFORE = '\x1b[?1049l';

let gateway: SpawnedGateway;
let window: TerminalWindow | undefined;

beforeAll(async () => {
  gateway = await spawnGateway();
});
afterEach(() => window?.close());
afterAll(() => gateway?.close());

describe.skipIf(!hasTerminals())('in a terminal', () => {
  test('tail shows the table live, in any window, outlives its gateway, and leaves the screen as it was', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ symbol: `S${i}`, price: i }));
    await postRows(gateway.url, 'prices', rows, '?op=upsert&key=symbol');
    window = openTerminal([COMMAND, 'tail', 'prices', '--url', gateway.url]);
    const begun = await window.shows(/S0 +0.0$/);
    expect(begun[0]).toMatch(/^prices {2}30 × 2 +live {2}v 1$/);
    expect(begun).toHaveLength(10);
    expect(begun.at(-1)).toMatch(/^q quits/);

    await postRows(gateway.url, 'prices', [{ symbol: 'S1', price: 7 }], '?op=upsert');
    await window.shows(/S1 +▲7.0$/);
    window.resize(40, 6);
    await window.shows(/^q quits.*…$/);
    expect(window.rows().filter((row) => row.startsWith('S'))).toHaveLength(3);
    window.type('\x1b[F');
    await window.shows(/S29/);

    await gateway.close();
    await window.shows(/reconnecting/);
    gateway = await spawnGateway({ port: gateway.port });
    await postRows(gateway.url, 'prices', [{ symbol: 'new', price: 1 }], '?op=upsert&key=symbol');
    await window.shows(/^new +1.0$/);
    expect(window.rows()[0]).toMatch(/1 × 2 +live/);

    window.type('q');
    expect(await window.ended).toBe(0);
    expect(window.raw()).toContain(BACK_TO_BEFORE);
  });

  test.each(['tail later', 'top'])('%s ends with Ctrl-C', async (words) => {
    window = openTerminal([COMMAND, ...words.split(' '), '--url', gateway.url]);
    await window.shows(words === 'top' ? /^TABLE/ : /no such table yet/);
    window.type('\x03');
    expect(await window.ended).toBe(0);
    expect(window.raw().trimEnd().endsWith(BACK_TO_BEFORE)).toBe(true);
  });

  test('what a table holds moves nothing on the screen', async () => {
    await postRows(gateway.url, 'hostile', [{ '\x1b[2Jname': '\x1b]0;title\x07\r\n\x1b[1;1Hgone' }]);
    window = openTerminal([COMMAND, 'tail', 'hostile', '--url', gateway.url]);
    await window.shows(/␛\[1;1Hgone/);
    expect(window.raw()).not.toContain('\x1b]0;title');
    window.type('q');
    expect(await window.ended).toBe(0);
  });

  test('an error is one line, and the screen is not touched', async () => {
    window = openTerminal([COMMAND, 'tail', 'prices', '--url', 'http://127.0.0.1:1/']);
    expect(await window.ended).toBe(1);
    expect(window.raw()).toMatch(/^tablecast tail: No gateway answers at http:\/\/127.0.0.1:1\/ .*\r\n$/);
  });
});
