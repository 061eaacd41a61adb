import { cellJson, cellText } from '../arrow/cell-text.ts';
import type { LiveTable } from '../table/live-table.ts';
import { RowAccess } from '../table/row-access.ts';
import { GONE } from '../table/row-tracker.ts';
import { type HeldCell, type HeldRow, HeldRows } from './held-rows.ts';
import { createThresholdTest, type Threshold, type ThresholdTest } from './threshold.ts';

/** A threshold, and whose it is. */
export interface OwnedThreshold {
  readonly owner: string;
  readonly threshold: Threshold;
}

/** A threshold began or ceased to hold. */
export interface ThresholdChange extends OwnedThreshold {
  readonly state: 'started' | 'stopped';
  /** The row's key; null where the table has none. */
  readonly key: readonly HeldCell[] | null;
  /** Where the table has no key: the row's number since the table began, from 1. */
  readonly row: number | null;
  /** The cell now; null where the row is gone. */
  readonly value: HeldCell | null;
}

export interface ThresholdWatchOptions {
  readonly read: () => LiveTable | undefined;
  /**
   * Of a table without a key that is seen for the first time or began anew: how many rows at its end count as those
   * written last.
   */
  readonly newestRows: (table: LiveTable) => number;
  /** For each threshold. */
  readonly maxHeldRows: number;
  readonly onChange: (change: ThresholdChange) => void;
}

interface Watched extends OwnedThreshold {
  readonly id: string;
  test: ThresholdTest | null;
  readonly held: HeldRows;
  /** Of a table without a key: the first row of this pass for which it holds. */
  found: { readonly row: HeldRow; readonly value: HeldCell | null } | null;
}

/** Of a table without a key: of more rows that wait to be looked at the newest are. */
const MAX_PENDING_ROWS = 1 << 20;
const NO_IDS = new Uint32Array(0);

/**
 * For which rows of one table its thresholds hold, kept up at a cost that depends on what was written. In a table with a
 * key each row is followed by its key, up to `maxHeldRows` that hold at one time; in one without, the threshold holds
 * while it does for any of the rows that were written last.
 */
export class ThresholdWatch {
  readonly #options: ThresholdWatchOptions;
  #watched: Watched[] = [];
  #rows: RowAccess | null = null;
  #fields: LiveTable['fields'] = [];
  /** Ids of rows to look at, from `#next` on. */
  #pending: Uint32Array = NO_IDS;
  #next = 0;
  #isStale = false;

  constructor(options: ThresholdWatchOptions) {
    this.#options = options;
  }

  /** Those that were there before go on; what others hold for is found by the next work. */
  setThresholds(thresholds: readonly OwnedThreshold[]): void {
    const before = new Map(this.#watched.map((watched) => [watched.id, watched]));
    const { maxHeldRows } = this.#options;
    this.#watched = thresholds.map(({ owner, threshold }) => {
      const id = JSON.stringify([owner, threshold]);
      const known = before.get(id);
      this.#isStale ||= known === undefined;
      return known ?? { id, owner, threshold, test: null, held: new HeldRows(maxHeldRows), found: null };
    });
  }

  /** Looks at up to `maxRows` of the rows that were written since; whether that were all. */
  work(maxRows: number): boolean {
    const table = this.#options.read();
    if (table === undefined) {
      this.#end();
      return true;
    }
    this.#take(table);
    const end = Math.min(this.#pending.length, this.#next + maxRows);
    while (this.#next < end) this.#look(table, this.#pending[this.#next++]!);
    if (this.#next < this.#pending.length) return false;
    this.#finishPass();
    return true;
  }

  close(): void {
    this.#rows?.close();
    this.#rows = null;
  }

  /** The table is gone. */
  #end(): void {
    this.close();
    this.#pending = NO_IDS;
    this.#next = 0;
    for (const watched of this.#watched) {
      for (const row of watched.held.takeAll()) this.#tell(watched, 'stopped', row, null);
      watched.found = null;
    }
  }

  #take(table: LiveTable): void {
    if (this.#rows?.rows !== table.rows) this.#restart(table);
    else if (this.#isStale || this.#fields !== table.fields) this.#lookAtAll(table, this.#rows);
    const rows = this.#rows!;
    rows.refresh();
    const { gone, written, renumbered, isLost } = rows.takeChanges();
    if (renumbered !== null) {
      this.#pending = this.#pending
        .subarray(this.#next)
        .map((id) => renumbered[id] ?? GONE)
        .filter((id) => id !== GONE);
      this.#next = 0;
      for (const { held } of this.#watched) held.renumber(renumbered);
    }
    if (isLost) this.#lookAtAll(table, rows);
    else this.#queue(rows, written);
    if (rows.hasKey && (gone.length > 0 || renumbered !== null || isLost)) this.#endGone(rows);
  }

  /** The table is another one, or began anew: its rows have other ids. */
  #restart(table: LiveTable): void {
    this.#rows?.close();
    this.#rows = new RowAccess(table.rows);
    for (const { held } of this.#watched) held.suspend();
    this.#lookAtAll(table, this.#rows);
  }

  #lookAtAll(table: LiveTable, rows: RowAccess): void {
    this.#isStale = false;
    this.#fields = table.fields;
    for (const watched of this.#watched) {
      watched.test = createThresholdTest(table.fields, watched.threshold);
      watched.found = null;
    }
    this.#pending = rows.hasKey ? idsFrom(0, rows.span) : newestIds(rows, this.#options.newestRows(table));
    this.#next = 0;
  }

  #queue(rows: RowAccess, written: Uint32Array): void {
    const left = this.#pending.subarray(this.#next);
    if (written.length === 0 && left.length === this.#pending.length) return;
    this.#next = 0;
    if (left.length === 0) this.#pending = written;
    // All rows of a table with a key are fewer than the writes that were not looked at.
    else if (rows.hasKey && left.length + written.length > rows.span) this.#pending = idsFrom(0, rows.span);
    else {
      const pending = new Uint32Array(left.length + written.length);
      pending.set(left);
      pending.set(written, left.length);
      this.#pending = rows.hasKey ? pending : pending.slice(-MAX_PENDING_ROWS);
    }
  }

  #look(table: LiveTable, id: number): void {
    const rows = this.#rows!;
    if (!rows.seek(id)) return;
    for (const watched of this.#watched) {
      const holds = watched.test?.test.holds(rows) ?? false;
      if (!rows.hasKey) {
        if (holds) watched.found ??= { row: this.#rowAt(table, rows, id), value: this.#valueAt(watched) };
      } else if (holds !== watched.held.has(id)) this.#turn(table, watched, id, holds);
    }
  }

  /** A row of a table with a key. */
  #turn(table: LiveTable, watched: Watched, id: number, holds: boolean): void {
    const row = this.#rowAt(table, this.#rows!, id);
    if (!holds) {
      watched.held.delete(id);
      this.#tell(watched, 'stopped', row, this.#valueAt(watched));
    } else if (watched.held.add(id, row) === 'new') {
      this.#tell(watched, 'started', row, this.#valueAt(watched));
    }
  }

  #finishPass(): void {
    const hasKey = this.#rows!.hasKey;
    const looked = this.#pending.length > 0;
    this.#pending = NO_IDS;
    this.#next = 0;
    for (const watched of this.#watched) {
      const { held, found } = watched;
      watched.found = null;
      if (found !== null && held.add(0, found.row) === 'new')
        this.#tell(watched, 'started', found.row, found.value);
      const ended = looked && found === null && !hasKey ? held.takeAll() : held.takeSuspended();
      for (const row of ended) this.#tell(watched, 'stopped', row, null);
    }
  }

  #endGone(rows: RowAccess): void {
    for (const watched of this.#watched) {
      for (const row of watched.held.takeGone((id) => rows.has(id)))
        this.#tell(watched, 'stopped', row, null);
    }
  }

  #rowAt(table: LiveTable, rows: RowAccess, id: number): HeldRow {
    if (!rows.hasKey) {
      const row = table.queue!.firstRow + rows.rowOf(id) + 1;
      return { key: null, row, keyId: '' };
    }
    const key = table.keyColumns().map((column) => cellAt(table, rows, column));
    return { key, row: null, keyId: JSON.stringify(key.map(({ text }) => text)) };
  }

  #valueAt({ test }: Watched): HeldCell | null {
    const rows = this.#rows!;
    if (test === null) return null;
    return cellAt({ fields: this.#fields }, rows, test.column);
  }

  #tell(watched: Watched, state: ThresholdChange['state'], { key, row }: HeldRow, value: HeldCell | null) {
    const { owner, threshold } = watched;
    this.#options.onChange({ owner, threshold, state, key, row, value });
  }
}

function cellAt({ fields }: Pick<LiveTable, 'fields'>, rows: RowAccess, column: number): HeldCell {
  const { name, type } = fields[column]!;
  const vector = rows.columns[column];
  return { column: name, text: cellText(type, vector, rows.at), json: cellJson(type, vector, rows.at) };
}

function newestIds(rows: RowAccess, count: number): Uint32Array {
  const newest = Math.min(count, rows.rowCount);
  return idsFrom(rows.first + rows.rowCount - newest, newest);
}

function idsFrom(first: number, count: number): Uint32Array {
  const ids = new Uint32Array(count);
  for (let i = 0; i < count; i++) ids[i] = first + i;
  return ids;
}
