import type { RowAccess } from '../../../protocol/table/row-access.ts';
import type { GroupNode } from './group-node.ts';
import type { Totals } from './totals.ts';

/**
 * One column whose values groups aggregate: the values by row as they were counted in, since the table does not keep what
 * a row was before. Each kind of value has a class of its own, so that numbers stay unboxed on their way into totals.
 */
export abstract class AggregatedColumn {
  protected readonly column: number;
  /** The column's place among the totals of a group. */
  readonly place: number;

  constructor(column: number, place: number) {
    this.column = column;
    this.place = place;
  }

  abstract createTotals(): Totals<number | bigint>;

  /** Stores the value of the row that `rows` was put to; no group may have one of it. */
  abstract store(rows: RowAccess, at: number): void;

  /** As {@link store} for a row that stands in a group, whose totals and those around it go along. */
  abstract replace(rows: RowAccess, at: number, leaf: GroupNode): void;

  /** Counts the stored value into the group and those around it. */
  abstract add(at: number, leaf: GroupNode): void;

  abstract remove(at: number, leaf: GroupNode): void;

  abstract stored(at: number): number | bigint | null;
}
