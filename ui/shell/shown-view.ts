/** What of a table the viewer sees: sorted, filtered, columns hidden and moved. */
export interface ShownView {
  /** Places of the shown columns in the table's fields, in the viewer's order. */
  readonly columns: readonly number[];
  /** Rows that are shown, those of closed groups included. */
  readonly rowCount: number;
  /** Rows are being sorted or filtered: what is shown is not yet what the viewer asked for. */
  readonly isArranging: boolean;
  /** The positions of those rows in the table, in the viewer's order. They hold until the next commit. */
  rows(): Uint32Array;
}
