import type { Vector } from '../arrow/vector.ts';
import { NO_POSITION } from './gather.ts';
import { KeyedRows } from './keyed-rows.ts';
import type { PlainRows } from './plain-rows.ts';
import { SEGMENT_ROWS } from './row-log.ts';
import { RowTracker } from './row-tracker.ts';

/** Rows remembered between two updates; beyond, a view is built anew. */
const TRACKED_ROWS = 1 << 18;

/** What happened to the rows since the last update, by id. */
export interface IdChanges {
  /** Ids whose row may be gone; of rows that are there it says nothing. */
  readonly gone: Uint32Array;
  readonly written: Uint32Array;
  /** As in {@link RowTracker}: ids are others now. */
  readonly renumbered: Uint32Array | null;
  /** It is not known what happened. */
  readonly isLost: boolean;
}

/**
 * One table's rows by stable ids, until it begins anew: the slot of a row where the table has a key, else the row's
 * number since the table began, modulo 2³². Ids `first`, `first + 1` … `first + span - 1` (modulo 2³²) stand in table
 * order; a keyed table has gaps among them.
 *
 * {@link seek} puts it to a row, whose values are then `columns[…]` at `at`; `turn` says when `columns` may be others.
 */
export class RowAccess {
  readonly rows: PlainRows | KeyedRows;
  columns: readonly (Vector | undefined)[] = [];
  at = 0;
  turn = 0;
  readonly #keyed: KeyedRows | null;
  readonly #tracker: RowTracker | null = null;
  #segment = -1;
  #knownFirst = 0;
  #knownEnd = 0;

  constructor(rows: PlainRows | KeyedRows) {
    this.rows = rows;
    this.#keyed = rows instanceof KeyedRows ? rows : null;
    if (rows instanceof KeyedRows) {
      this.#tracker = new RowTracker(TRACKED_ROWS);
      rows.slots.trackers.push(this.#tracker);
    } else {
      this.#knownFirst = rows.firstRow;
      this.#knownEnd = rows.endRow;
    }
  }

  get hasKey(): boolean {
    return this.#keyed !== null;
  }

  get rowCount(): number {
    return this.rows.rowCount;
  }

  get first(): number {
    return this.rows instanceof KeyedRows ? 0 : this.rows.firstRow >>> 0;
  }

  get span(): number {
    return this.rows instanceof KeyedRows ? this.rows.slots.count : this.rows.rowCount;
  }

  /** False where there is no such row. */
  seek(id: number): boolean {
    const position = this.#positionOf(id);
    if (position === NO_POSITION) return false;
    this.#goTo(position);
    return true;
  }

  #positionOf(id: number): number {
    if (this.#keyed !== null) {
      const { slots } = this.#keyed;
      return id < slots.count ? slots.positions[id]! : NO_POSITION;
    }
    const row = (id - this.first) >>> 0;
    return row < this.rows.rowCount ? this.rows.positionAt(row) : NO_POSITION;
  }

  #goTo(position: number): void {
    const segment = position >>> 16;
    if (segment !== this.#segment) {
      this.columns = this.rows.log.segmentAt(position).columns;
      this.#segment = segment;
      this.turn++;
    }
    this.at = position & (SEGMENT_ROWS - 1);
  }

  /** To be called whenever the table may have changed since the last {@link seek}. */
  refresh(): void {
    this.#segment = -1;
  }

  has(id: number): boolean {
    return this.#positionOf(id) !== NO_POSITION;
  }

  /** Number of rows in table order before that of the id. */
  rowOf(id: number): number {
    return this.#keyed === null ? (id - this.first) >>> 0 : this.#keyed.slots.rowsBefore(id);
  }

  idOf(row: number): number {
    return this.#keyed === null ? (this.first + row) >>> 0 : this.#keyed.slots.slotAt(row);
  }

  takeChanges(): IdChanges {
    if (this.#tracker !== null) {
      const { freed, ...changes } = this.#tracker.take();
      return { ...changes, gone: freed };
    }
    const { firstRow, endRow } = this.rows as PlainRows;
    const changes = {
      gone: idRange(this.#knownFirst, Math.min(firstRow, this.#knownEnd)),
      written: idRange(Math.max(this.#knownEnd, firstRow), endRow),
      renumbered: null,
      isLost: false,
    };
    this.#knownFirst = firstRow;
    this.#knownEnd = endRow;
    return changes;
  }

  /** The table keeps no changes for it any longer. */
  close(): void {
    const trackers = this.#keyed?.slots.trackers ?? [];
    const at = this.#tracker === null ? -1 : trackers.indexOf(this.#tracker);
    if (at >= 0) trackers.splice(at, 1);
  }
}

function idRange(start: number, end: number): Uint32Array {
  const ids = new Uint32Array(Math.max(0, end - start));
  for (let i = 0; i < ids.length; i++) ids[i] = start + i;
  return ids;
}
