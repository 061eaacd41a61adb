import type { FrozenTable } from '../shell/frozen-table.ts';

export const EXPORT_FORMATS = ['csv', 'json', 'arrow', 'xlsx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What is written: these columns of a table that does not change any more. */
export interface ExportSource {
  readonly table: FrozenTable;
  /** Names the sheet, where there is one. */
  readonly name: string;
  /** Places of the columns in the table's fields, in their order in the file. */
  readonly columns: readonly number[];
}

/** Writes a file bit by bit. What was written already is kept outside of the script's memory, in blobs. */
export interface RowEncoder {
  /** Positions of rows in the table; called with the next ones of the file each time. */
  write(rows: Uint32Array): void | Promise<void>;
  finish(): Blob | Promise<Blob>;
}
