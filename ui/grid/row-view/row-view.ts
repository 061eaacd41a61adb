import { cellText } from '../../../protocol/arrow/cell-text.ts';
import { type CellValue, cellValue } from '../../../protocol/arrow/cell-value.ts';
import type { Field } from '../../../protocol/arrow/data-type.ts';
import type { RowTest } from '../../../protocol/condition/row-test.ts';
import type { GroupLine } from './lines.ts';
import { PLAIN_SPEC, type SpecProblem, type ViewSpec } from './view-spec.ts';
import { ViewState } from './view-state.ts';
import type { RowViewOptions, ViewUpdate } from './view-update.ts';

export type { AggregateValue } from './aggregate-value.ts';
export type { GroupLine } from './lines.ts';
export type { RowViewOptions, ViewUpdate } from './view-update.ts';

/** One line of the view. */
export type ViewLine = RowLine | GroupLine;

export interface RowLine {
  readonly type: 'row';
  /** Position in table order. */
  readonly row: number;
  /** How many groups it stands in. */
  readonly depth: number;
}

/**
 * One table sorted, filtered, searched and grouped, kept up commit by commit at a cost that depends on what changed, not on
 * the table. What is shown changes in {@link update} alone; between a change of the table and that call, lines are not to be
 * read.
 *
 * Order: numbers and times by exact value, texts in natural order (`item2` before `item10`, upper and lower case beside
 * each other), nested values by their text; NaN after all other values and null at the very end, in both directions; equal
 * rows in table order. Groups stand in the order of their values, in the direction that `sort` gives for their column,
 * else ascending.
 *
 * A new spec, or a table that began anew, takes a build. Small tables are built within `update`, large ones in slices: until
 * then {@link isBuilding}, and what was shown before stays, with the table's present values. After a table began anew
 * these are the places that rows had before.
 */
export class RowView {
  readonly #state: ViewState;
  #spec: ViewSpec = PLAIN_SPEC;

  constructor(options: RowViewOptions) {
    this.#state = new ViewState(options);
  }

  /** The spec set last, which is that shown unless {@link isBuilding}. */
  get spec(): ViewSpec {
    return this.#spec;
  }

  /** The next {@link update} takes it up. A change of `expanded` alone needs no build. */
  setSpec(spec: ViewSpec): void {
    this.#spec = spec;
  }

  /** What was shown before is shown still: say "sorting…". */
  get isBuilding(): boolean {
    return this.#state.isBuilding;
  }

  /** Parts of the spec that are left out. */
  get problems(): readonly SpecProblem[] {
    return this.#state.problems;
  }

  /** Whether lines are the table's rows in its order, all of them. */
  get isPlain(): boolean {
    return this.#state.lines.isPlain;
  }

  /** Number of lines. */
  get rowCount(): number {
    return this.#state.lines.count;
  }

  /** Rows of the table that pass filters and search, those in collapsed groups included. */
  get matchCount(): number {
    return this.#state.lines.matchCount;
  }

  /** Bytes that it holds beside the table, about. */
  get bytes(): number {
    return this.#state.bytes;
  }

  /** @throws RangeError where there is no such line */
  rowAt(index: number): ViewLine {
    const { lines, rows } = this.#state;
    if (!(index >= 0 && index < lines.count)) throw new RangeError(`There is no line ${index}.`);
    const group = lines.groupAt(index);
    if (group !== null) return group;
    return { type: 'row', row: rows!.rowOf(lines.idAt(index)), depth: lines.depth };
  }

  /** The line of the table's row at that position; -1 where it is not shown. */
  indexOf(row: number): number {
    const { lines, rows } = this.#state;
    if (rows === null || !(row >= 0 && row < rows.rowCount)) return -1;
    return lines.indexOfId(rows.idOf(row));
  }

  /** Positions in table order of all rows that pass, in the view's order, those in collapsed groups included. */
  matchingRows(): Uint32Array {
    const { lines, rows } = this.#state;
    const ids = lines.matchingIds();
    const matching = new Uint32Array(rows === null ? 0 : ids.length);
    for (let i = 0; i < matching.length; i++) matching[i] = rows!.rowOf(ids[i]!);
    return matching;
  }

  /** The exact text of a row line's cell; null for a group line. Cheaper than the table's, which finds the row by its position. */
  text(index: number, column: number): string | null {
    const field = this.#seek(index, column);
    const { rows } = this.#state;
    return field === null ? null : cellText(field.type, rows!.columns[column], rows!.at);
  }

  /** As {@link text}: a row line's value. */
  value(index: number, column: number): CellValue {
    const field = this.#seek(index, column);
    const { rows } = this.#state;
    return field === null ? null : cellValue(field.type, rows!.columns[column], rows!.at);
  }

  /** Whether a condition holds for a row line's row. A test that is made for one draw always fits. */
  holds(index: number, test: RowTest): boolean {
    return this.#seek(index, 0) !== null && test.holds(this.#state.rows!);
  }

  /** Puts the rows to a row line's row; null where there is no such cell. */
  #seek(index: number, column: number): Field | null {
    const { lines, rows, fields } = this.#state;
    if (rows === null || !(index >= 0 && index < lines.count)) return null;
    const id = lines.idAt(index);
    return id >= 0 && rows.seek(id) ? (fields[column] ?? null) : null;
  }

  /** Whether commits between the last two updates wrote the line's row; false for group lines. */
  isWritten(index: number): boolean {
    const id = this.#state.lines.idAt(index);
    return id >= 0 && this.#state.written.has(id);
  }

  /** Brings the view to the table's present version. `hold` is the line at the top of what is on screen. */
  update(hold = 0): ViewUpdate {
    return this.#state.update(this.#spec, hold);
  }

  /** Ends a build that runs; the table no longer keeps changes for this view. */
  close(): void {
    this.#state.close();
  }
}
