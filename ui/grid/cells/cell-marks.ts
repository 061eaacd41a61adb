import type { Field } from '../../../protocol/arrow/data-type.ts';
import type { RowTest } from '../../../protocol/condition/row-test.ts';

/** How cells of a column are marked for which a condition holds. */
export interface CellMark {
  readonly test: RowTest;
  readonly className: string;
  /** Said to those who ask what the mark means. */
  readonly title: string;
}

/** By the column's place in the fields; of several marks the first that holds is shown. Made anew for each draw. */
export type CellMarks = (fields: readonly Field[]) => ReadonlyMap<number, readonly CellMark[]>;

export const NO_MARKS: CellMarks = () => new Map();
