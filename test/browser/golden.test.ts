import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cellText } from '../../protocol/arrow/cell-text.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { cells } from '../support/expect-same-cells.ts';
import { areGoldenFilesThere, goldenCases } from '../support/golden-cases.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { openGridPage } from './grid-page.ts';

/** A few kinds of types; end-to-end tests read all of them. */
const SHOWN = /_(datetime|decimal256|duplicate_fieldnames|map|union|zstd)$/;
const MAX_ROWS = 5;

describe.skipIf(!areGoldenFilesThere)('the page shows the exact cells of golden Arrow data', () => {
  let browser: Browser;
  let gateway: SpawnedGateway;
  beforeAll(async () => {
    [browser, gateway] = await Promise.all([launchChromium(), spawnGateway()]);
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
  });

  const shown = goldenCases().filter(({ name }) => SHOWN.test(name));
  test.each(shown.map((golden): [string, Uint8Array] => [golden.name, golden.stream]))(
    '%s',
    async (name, stream) => {
      const table = name.replace('/', '-');
      const answer = await fetch(new URL(`tables/${table}`, gateway.url), {
        method: 'POST',
        headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
        body: Uint8Array.from(stream),
      });
      expect(answer.status).toBe(200);
      const expected = readIpc(stream);
      const texts = cells(expected, cellText);
      const view = await openGridPage(browser, gateway.url, table);
      await expect.poll(() => view.grid.getAttribute('aria-rowcount')).toBe(`${expected.rowCount + 1}`);
      const headers = await view.headers();
      expect(headers.length).toBeGreaterThan(0);
      for (const header of headers) {
        const column = texts[expected.fields.findIndex((field) => field.name === header)];
        expect((await view.column(header)).slice(0, MAX_ROWS), header).toEqual(
          column?.slice(0, MAX_ROWS).map((text) => text ?? '∅'),
        );
      }
      expect(view.complaints).toEqual([]);
      await view.close();
    },
  );
});
