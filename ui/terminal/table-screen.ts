import { cellText } from '../../protocol/arrow/cell-text.ts';
import { isNumeric } from '../../protocol/column-label.ts';
import type { Column, Rows, TableView } from '../client/node.ts';
import { shownText } from '../grid/cells/cell-text.ts';
import { CellTrends, type Trend } from './cell-trends.ts';
import { fitted, safeText, textWidth } from './safe-text.ts';
import type { Styles } from './styles.ts';

const MAX_COLUMN_WIDTH = 40;
/** The heading, the columns' names, the line at the bottom. */
const FRAME_LINES = 3;
const GAP = '  ';
const SIGNS: Readonly<Record<Trend, string>> = { up: '▲', down: '▼', other: ' ' };

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

interface ShownCell {
  readonly text: string;
  readonly isNull: boolean;
  readonly trend: Trend | null;
}

interface ShownColumn {
  readonly title: string;
  readonly isNumber: boolean;
  readonly cells: readonly ShownCell[];
  readonly width: number;
}

/** A table as it stands on a terminal's screen: which part of it, and which of its cells just changed. */
export class TableScreen {
  readonly #styles: Styles;
  readonly #trends: CellTrends;
  /** The first row shown; null for the end of a table without a key, which is followed, and the beginning of one with a key. */
  #top: number | null = null;
  #left = 0;
  /** Columns only grow, so that nothing jumps. */
  readonly #widths = new Map<string, number>();
  #pageRows = 1;
  #shownTop = 0;

  constructor(options: { readonly styles: Styles; readonly nowMs: () => number }) {
    this.#styles = options.styles;
    this.#trends = new CellTrends(options.nowMs);
  }

  /** Rows to move by; pages where `byPage`. */
  scroll(rows: number, byPage = false): void {
    this.#top = Math.max(0, this.#shownTop + rows * (byPage ? this.#pageRows : 1));
  }

  toFirst(): void {
    this.#top = 0;
  }

  toLast(): void {
    this.#top = Number.MAX_SAFE_INTEGER;
  }

  scrollColumns(columns: number): void {
    this.#left = Math.max(0, this.#left + columns);
  }

  /** As many lines as the screen has rows, none wider than it. `status` stands at the right of the first. */
  lines(
    table: TableView | undefined,
    size: ScreenSize,
    texts: { title: string; status: string; keys: string },
  ): string[] {
    const lines = [this.#heading(table, size, texts)];
    this.#pageRows = Math.max(1, size.rows - FRAME_LINES);
    if (table !== undefined) lines.push(...this.#body(table, size));
    while (lines.length < size.rows - 1) lines.push('');
    const footer = `${this.#styles.dim}${fitted(texts.keys, size.columns, 'left').trimEnd()}${this.#styles.end}`;
    return [...lines.slice(0, Math.max(1, size.rows - 1)), footer].slice(0, size.rows);
  }

  #heading(
    table: TableView | undefined,
    { columns }: ScreenSize,
    { title, status }: { title: string; status: string },
  ): string {
    const what = table === undefined ? 'no such table yet' : `${table.rowCount} × ${table.columns.length}`;
    const left = `${safeText(title)}  ${what}`;
    const room = columns - textWidth(left) - 2;
    const right = room > 0 ? fitted(status, Math.min(room, textWidth(status)), 'right') : '';
    const gap = ' '.repeat(Math.max(0, columns - textWidth(left) - textWidth(right)));
    return `${this.#styles.strong}${fitted(left + gap + right, columns, 'left').trimEnd()}${this.#styles.end}`;
  }

  #body(table: TableView, size: ScreenSize): string[] {
    const page = Math.min(this.#pageRows, table.rowCount);
    const last = table.rowCount - page;
    this.#shownTop = Math.min(last, this.#top ?? (table.key === null ? last : 0));
    if (this.#top !== null && this.#top >= last && table.key === null) this.#top = null;
    this.#left = Math.min(this.#left, Math.max(0, table.columns.length - 1));
    const shown = this.#columns(table, table.rows({ offset: this.#shownTop, limit: page }), size.columns);
    const header = shown.map(({ title, isNumber, width }) =>
      fitted(title, width, isNumber ? 'right' : 'left'),
    );
    const lines = [`${this.#styles.dim}${header.join(GAP).trimEnd()}${this.#styles.end}`];
    for (let row = 0; row < page; row++) lines.push(this.#line(shown, row));
    return lines;
  }

  /** Those that the screen has room for, from the first one shown on; the first is there in any case. */
  #columns(table: TableView, rows: Rows, width: number): ShownColumn[] {
    const ids = this.#rowIds(table, rows);
    const columns: ShownColumn[] = [];
    let room = width;
    for (const [i, column] of table.columns.entries()) {
      if (i < this.#left) continue;
      const shown = this.#column(column, i, rows, ids);
      const fits = Math.min(shown.width, room);
      if (columns.length > 0 && (room < 4 || fits < Math.min(shown.width, 6))) break;
      columns.push({ ...shown, width: fits });
      room -= fits + GAP.length;
    }
    return columns;
  }

  #column(column: Column, at: number, rows: Rows, ids: readonly string[]): ShownColumn {
    const { type } = rows.fields[at]!;
    const isNumber = isNumeric(type);
    const cells: ShownCell[] = [];
    for (const batch of rows.batches) {
      for (let row = 0; row < batch.rowCount; row++) {
        const exact = cellText(type, batch.columns[at], row);
        const trend = this.#trends.see(ids[cells.length]!, column.name, exact, isNumber);
        const text =
          exact === null ? 'null' : safeText(shownText(exact, type, column.metadata.get('format')));
        cells.push({ text, isNull: exact === null, trend });
      }
    }
    const title = safeText(column.metadata.get('label') ?? column.name);
    // Numbers leave room for the sign of their change.
    const widest = cells.reduce((most, { text }) => Math.max(most, textWidth(text)), 0) + (isNumber ? 1 : 0);
    const width = Math.max(
      this.#widths.get(column.name) ?? 0,
      Math.min(MAX_COLUMN_WIDTH, Math.max(textWidth(title), widest)),
    );
    this.#widths.set(column.name, width);
    return { title, isNumber, cells, width };
  }

  /** By its key where the table has one, else by its number since the table began. */
  #rowIds(table: TableView, rows: Rows): string[] {
    const first = table.firstRow + this.#shownTop;
    if (table.key === null) return Array.from({ length: rows.length }, (_, row) => String(first + row));
    const key = table.key.map((name) => rows.fields.findIndex((field) => field.name === name));
    return rows.batches.flatMap((batch) =>
      Array.from({ length: batch.rowCount }, (_, row) =>
        JSON.stringify(key.map((at) => cellText(rows.fields[at]!.type, batch.columns[at], row))),
      ),
    );
  }

  #line(columns: readonly ShownColumn[], row: number): string {
    const { dim, end, trend: colours } = this.#styles;
    const cells = columns.map(({ cells, isNumber, width }) => {
      const { text, isNull, trend } = cells[row]!;
      const sign = isNumber && trend !== null ? SIGNS[trend] : '';
      const padded = fitted(sign + text, width, isNumber ? 'right' : 'left');
      if (trend !== null) return `${colours[trend]}${padded}${end}`;
      return isNull ? `${dim}${padded}${end}` : padded;
    });
    return cells.join(GAP).trimEnd();
  }
}
