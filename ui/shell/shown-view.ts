/** What of a table the viewer sees: sorted, filtered, columns hidden and moved. */
export interface ShownView {
  /** Places of the shown columns in the table's fields, in the viewer's order. */
  readonly columns: readonly number[];
  /** Rows that are shown, those of closed groups included. */
  readonly rowCount: number;
  /** The positions of those rows in the table, in the viewer's order. To be asked for at once: commits move rows. */
  rows(): Uint32Array;
}
