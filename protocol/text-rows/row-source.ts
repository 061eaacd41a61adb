import type { Cells } from './cells.ts';

/** Some rows, column by column; it stands until the next block is asked for. */
export interface RowBlock {
  readonly rowCount: number;
  /** By the source's names; a column that these rows lack is not used. */
  readonly columns: readonly Cells[];
}

/** The rows of a body, block after block. */
export interface RowSource {
  /** The columns met so far, in that order. */
  readonly names: readonly string[];
  /** @throws TablecastError `bad_body`, `too_large` */
  next(): RowBlock | null;
}
