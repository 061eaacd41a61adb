import { type Field, typeName } from '../../protocol/arrow/data-type.ts';
import { columnLabel, columnUnit } from '../../protocol/column-label.ts';
import type { TableReader } from '../table-reader.ts';
import { shownText } from './cells/cell-text.ts';

const SAMPLE_ROWS = 60;
const PADDING_PX = 34;
/** Beside its label a header has room for the mark of its sort and the button of its menu. */
const HEADER_CHARACTERS = 4;
const MIN_CHARACTERS = 6;
const MAX_CHARACTERS = 44;
/** Widths grow by whole steps, so that a value one digit longer moves nothing most of the time. */
const STEP_CHARACTERS = 4;
export const MIN_WIDTH_PX = 48;
export const MAX_WIDTH_PX = 2000;

/**
 * Column widths that are set from the start and only ever grow, so that no commit makes the table jump; those that the
 * viewer chose stay as chosen.
 */
export class ColumnWidths {
  readonly #characterPx: number;
  #characters: number[] = [];
  #chosenPx: (number | null)[] = [];
  #hasGrown = false;

  /** The width of a digit, in the grid's font. */
  constructor(characterPx: number) {
    this.#characterPx = characterPx;
  }

  /** Begins anew, from headers and a sample of rows from both ends. */
  measure(table: TableReader): void {
    this.#chosenPx = table.fields.map(() => null);
    this.#characters = table.fields.map((field, column) => fittingCharacters(table, field, column));
  }

  /** Begins one column anew, wide enough for what the table holds now. */
  measureColumn(table: TableReader, column: number): void {
    const field = table.fields[column];
    if (field !== undefined) this.#characters[column] = fittingCharacters(table, field, column);
  }

  /** What the viewer chose, by column; null where the column finds its own. */
  choose(chosenPx: readonly (number | null)[]): void {
    this.#chosenPx = [...chosenPx];
  }

  /** A text is shown: its column grows where it has to and may; answers whether the text has room. */
  fit(column: number, length: number): boolean {
    const chosenPx = this.#chosenPx[column] ?? null;
    if (chosenPx !== null) return length * this.#characterPx + PADDING_PX <= chosenPx;
    const wanted = stepped(length);
    if (wanted > (this.#characters[column] ?? 0)) {
      this.#characters[column] = wanted;
      this.#hasGrown = true;
    }
    return length <= MAX_CHARACTERS;
  }

  /** Whether a column had to grow since this was asked last. */
  takeGrown(): boolean {
    const hasGrown = this.#hasGrown;
    this.#hasGrown = false;
    return hasGrown;
  }

  get count(): number {
    return this.#characters.length;
  }

  px(column: number): number {
    return (
      this.#chosenPx[column] ??
      Math.round((this.#characters[column] ?? MIN_CHARACTERS) * this.#characterPx + PADDING_PX)
    );
  }
}

function fittingCharacters(table: TableReader, field: Field, column: number): number {
  const unit = columnUnit(field);
  const header = columnLabel(field).length + (unit === null ? 0 : unit.length + 2) + HEADER_CHARACTERS;
  const type = Math.min(24, typeName(field.type).length);
  const values = sampleRows(table.rowCount).map((row) => {
    const exact = table.text(row, column);
    return exact === null ? 1 : shownText(exact, field.type, field.metadata.get('format')).length;
  });
  return stepped(Math.max(MIN_CHARACTERS, header, type, ...values));
}

function stepped(characters: number): number {
  return Math.min(MAX_CHARACTERS, Math.ceil(characters / STEP_CHARACTERS) * STEP_CHARACTERS);
}

function sampleRows(rowCount: number): number[] {
  if (rowCount <= SAMPLE_ROWS) return Array.from({ length: rowCount }, (_, row) => row);
  const half = SAMPLE_ROWS / 2;
  return Array.from({ length: SAMPLE_ROWS }, (_, i) => (i < half ? i : rowCount - SAMPLE_ROWS + i));
}

/** The width of a digit in the grid's font; headers are bolder than what stands below them, hence the little extra. */
export function measureDigitPx(parent: HTMLElement): number {
  const probe = document.createElement('span');
  probe.className = 'grid-probe';
  probe.textContent = '0000000000';
  parent.append(probe);
  const widthPx = probe.getBoundingClientRect().width / 10;
  probe.remove();
  return (widthPx || 8) * 1.04;
}
