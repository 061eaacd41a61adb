import { typeName } from '../../protocol/arrow/data-type.ts';
import { columnLabel, columnUnit } from '../column-label.ts';
import type { TableReader } from '../table-reader.ts';
import { shownText } from './cell-text.ts';

const SAMPLE_ROWS = 60;
const PADDING_PX = 34;
const MIN_CHARACTERS = 6;
const MAX_CHARACTERS = 44;
/** Widths grow by whole steps, so that a value one digit longer moves nothing most of the time. */
const STEP_CHARACTERS = 4;

/** Column widths that are set from the start and only ever grow, so that no commit makes the table jump. */
export class ColumnWidths {
  readonly #characterPx: number;
  #characters: number[] = [];

  /** The width of a digit, in the grid's font. */
  constructor(characterPx: number) {
    this.#characterPx = characterPx;
  }

  /** Begins anew, from headers and a sample of rows from both ends. */
  measure(table: TableReader): void {
    const rows = sampleRows(table.rowCount);
    this.#characters = table.fields.map((field, column) => {
      const unit = columnUnit(field);
      const header = columnLabel(field).length + (unit === null ? 0 : unit.length + 2) + 2;
      const type = Math.min(24, typeName(field.type).length);
      const values = rows.map((row) => {
        const exact = table.text(row, column);
        return exact === null ? 1 : shownText(exact, field.type, field.metadata.get('format')).length;
      });
      return stepped(Math.max(MIN_CHARACTERS, header, type, ...values));
    });
  }

  /** A text is shown; answers whether its column had to grow. */
  fit(column: number, length: number): boolean {
    const wanted = stepped(length);
    if (wanted <= (this.#characters[column] ?? 0)) return false;
    this.#characters[column] = wanted;
    return true;
  }

  get count(): number {
    return this.#characters.length;
  }

  px(column: number): number {
    return Math.round((this.#characters[column] ?? MIN_CHARACTERS) * this.#characterPx + PADDING_PX);
  }
}

function stepped(characters: number): number {
  return Math.min(MAX_CHARACTERS, Math.ceil(characters / STEP_CHARACTERS) * STEP_CHARACTERS);
}

function sampleRows(rowCount: number): number[] {
  if (rowCount <= SAMPLE_ROWS) return Array.from({ length: rowCount }, (_, row) => row);
  const half = SAMPLE_ROWS / 2;
  return Array.from({ length: SAMPLE_ROWS }, (_, i) => (i < half ? i : rowCount - SAMPLE_ROWS + i));
}
