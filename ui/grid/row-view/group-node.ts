import type { Totals } from './totals.ts';

/** A group of rows, or the root that holds the outermost groups. */
export class GroupNode {
  readonly parent: GroupNode | null;
  /** -1 for the root. */
  readonly depth: number;
  /** The exact texts of its and the outer groups' values, once it had a line. */
  texts: readonly (string | null)[] | null = null;
  path = '';
  /** In order; empty for innermost groups. */
  readonly children: GroupNode[] = [];
  /** One per aggregated column. */
  readonly totals: readonly Totals<number | bigint>[];
  /** Of innermost groups: its place among them. */
  leaf = -1;
  rowCount = 0;
  /** The line that the group has; -1 while it is within a collapsed one. */
  line = -1;
  /** The place of its first row in the order of rows, where the group has a line. */
  firstRow = 0;

  constructor(parent: GroupNode | null, totals: readonly Totals<number | bigint>[]) {
    this.parent = parent;
    this.depth = parent === null ? -1 : parent.depth + 1;
    this.totals = totals;
  }

  /** The group around this one at that depth. */
  at(depth: number): GroupNode {
    let node: GroupNode = this;
    while (node.depth > depth) node = node.parent!;
    return node;
  }
}
