import { describe, expect, test } from 'vitest';
import { LiveTable } from '../../../protocol/table/live-table.ts';
import { TableView } from '../../../ui/client/table-view.ts';
import { textWidth } from '../../../ui/terminal/safe-text.ts';
import { stylesFor } from '../../../ui/terminal/styles.ts';
import { TableScreen } from '../../../ui/terminal/table-screen.ts';
import { writeRows } from '../client/live-table.ts';

const texts = { title: 't', status: 'live  v 1', keys: 'q quits' };
const size = { columns: 40, rows: 8 };

function screenOf(env: Record<string, string> = { NO_COLOR: '1' }) {
  let nowMs = 0;
  const screen = new TableScreen({ styles: stylesFor(env), nowMs: () => nowMs });
  return { screen, wait: (ms: number) => (nowMs += ms) };
}

function tableOf(count: number, key: readonly string[] | null): LiveTable {
  const table = new LiveTable('t');
  const rows = Array.from({ length: count }, (_, k) => ({ k, v: k * 10 }));
  writeRows(table, key === null ? 'append' : 'upsert', rows, {
    version: 1,
    ...(key === null ? {} : { key }),
  });
  return table;
}

const viewOf = (table: LiveTable) => new TableView(table.name, () => table);
const body = (lines: readonly string[]) => lines.slice(2, -1);

describe('a table on a screen', () => {
  test('shows the first rows of a table with a key, and the last of one without', () => {
    const keyed = screenOf().screen.lines(viewOf(tableOf(20, ['k'])), size, texts);
    expect(keyed).toEqual([
      't  20 × 2                      live  v 1',
      ' k    v',
      ' 0    0',
      ' 1   10',
      ' 2   20',
      ' 3   30',
      ' 4   40',
      'q quits',
    ]);
    expect(body(screenOf().screen.lines(viewOf(tableOf(20, null)), size, texts)).at(-1)).toBe(' 19   190');
  });

  test('says so where there is no such table yet', () => {
    expect(screenOf().screen.lines(undefined, size, texts)[0]).toContain('no such table yet');
  });

  test('follows the end of a table without a key until somebody scrolls, and again from the end on', () => {
    const table = tableOf(20, null);
    const { screen } = screenOf();
    const last = () => body(screen.lines(viewOf(table), size, texts)).at(-1);
    last();
    screen.scroll(-2);
    expect(last()).toBe(' 17   170');
    writeRows(table, 'append', [{ k: 20, v: 0 }], { version: 2 });
    expect(last()).toBe(' 17   170');
    screen.scroll(1, true);
    expect(last()).toBe(' 20     0');
    writeRows(table, 'append', [{ k: 21, v: 0 }], { version: 3 });
    expect(last()).toBe(' 21     0');
    screen.toFirst();
    expect(body(screen.lines(viewOf(table), size, texts))[0]).toBe('  0     0');
  });

  test('marks by sign and colour what just went up or down', () => {
    const table = tableOf(2, ['k']);
    const { screen, wait } = screenOf({});
    const first = () => body(screen.lines(viewOf(table), size, texts))[0];
    expect(first()).not.toContain('▲');
    writeRows(table, 'upsert', [{ k: 0, v: 5 }], { version: 2 });
    expect(first()).toContain('\x1b[32m ▲5\x1b[0m');
    writeRows(table, 'upsert', [{ k: 0, v: 4 }], { version: 3 });
    expect(first()).toContain('▼4');
    wait(2000);
    expect(first()).not.toMatch(/[▲▼]/);
  });

  test('never writes wider than the screen, nor what would be obeyed', () => {
    const table = new LiveTable('t');
    const row = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`\x1b[31mcolumn ${i}`, '\x1b]0;title\x07 日本語 and more text']),
    );
    writeRows(table, 'append', [row, row], { version: 1 });
    for (const columns of [1, 5, 17, 80]) {
      for (const rows of [1, 2, 3, 10]) {
        const { screen } = screenOf();
        const hostile = { ...texts, title: '\x1b[2J' };
        const lines = screen.lines(viewOf(table), { columns, rows }, hostile);
        expect(lines).toHaveLength(rows);
        for (const line of lines) {
          expect(line).not.toMatch(/\p{Cc}/u);
          expect(textWidth(line)).toBeLessThanOrEqual(columns);
        }
      }
    }
  });

  test('moves along the columns', () => {
    const { screen } = screenOf();
    screen.scrollColumns(1);
    expect(screen.lines(viewOf(tableOf(3, ['k'])), size, texts)[1]).toBe('  v');
    screen.scrollColumns(100);
    expect(screen.lines(viewOf(tableOf(3, ['k'])), size, texts)[1]).toBe('  v');
  });
});
