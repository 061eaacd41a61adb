import type { LiveTable } from '../../../protocol/table/live-table.ts';

export interface RowViewOptions {
  /** The table as it is now; undefined while there is none. Another object is another table. */
  readonly read: () => LiveTable | undefined;
  /** Any clock that only grows, milliseconds. */
  readonly nowMs: () => number;
  /** Calls back soon, not at once: slices of a build, of about 8 ms each, are run by it. */
  readonly schedule: (slice: () => void) => void;
  /** Tables of at most so many rows are built within an update; 20,000 unless given. */
  readonly smallRows?: number;
  /** Call `update`: a build is done, or must begin again. */
  readonly onReady: () => void;
}

/** What an update did, as a grid needs to know it. */
export interface ViewUpdate {
  /** Lines came, went or changed places. */
  readonly isMoved: boolean;
  /** The lines have nothing to do with those before: another spec is shown, or the table began anew. */
  readonly isAnother: boolean;
  /**
   * Where the line `hold` would be for the lines around it to stay in place: it moves by as much as the first line from
   * it on that was neither moved nor removed; the same index where there is none.
   */
  readonly heldAt: number;
}
