/** A cell that does not fit the type that its column is built as; whoever knows the column makes an error of it. */
export class CellMisfit extends Error {
  /** Among the cells given. */
  readonly row: number;
  /** What is wrong, where it is more than that the cell does not fit; completes "the value …". */
  readonly reason: string | null;

  constructor(row: number, reason: string | null = null) {
    super(reason ?? 'does not fit');
    this.name = 'CellMisfit';
    this.row = row;
    this.reason = reason;
  }
}

/** Runs what works on cells that lie inside of others (list elements), and names the outer cell in a misfit. */
export function withOuterRows<T>(outerRowOf: (row: number) => number, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof CellMisfit) throw new CellMisfit(outerRowOf(thrown.row), thrown.reason);
    throw thrown;
  }
}

/** The list that holds element `element`. */
export function rowOfElement(offsets: Int32Array, element: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsets[middle]! <= element) low = middle;
    else high = middle;
  }
  return low;
}
