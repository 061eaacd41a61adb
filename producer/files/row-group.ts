import type { Field } from '../../protocol/arrow/data-type.ts';
import { type Batch, byteLengthOf, sliceVector } from '../../protocol/arrow/vector.ts';

/** Some rows on their way to the gateway. */
export interface RowGroup {
  readonly fields: readonly Field[];
  readonly batches: readonly Batch[];
  readonly rowCount: number;
}

/** A bitmap holds these in a whole byte: a slice that begins at a multiple of it copies nothing. */
const BITMAP_STEP = 8;

export function byteLengthOfBatch({ rowCount, columns }: Batch): number {
  return columns.reduce((sum, column) => sum + byteLengthOf(column, 0, rowCount), 0);
}

/** Rows `start .. end` of a group; they share the group's bytes. */
export function sliceGroup({ fields, batches }: RowGroup, start: number, end: number): RowGroup {
  const slices: Batch[] = [];
  let before = 0;
  for (const batch of batches) {
    const from = Math.max(0, start - before);
    const to = Math.min(batch.rowCount, end - before);
    if (from < to) slices.push(sliceBatch(batch, from, to));
    before += batch.rowCount;
  }
  return { fields, batches: slices, rowCount: end - start };
}

/** The group in parts of at most `maxBytes`, unless a few rows alone have more. */
export function* partsOf(group: RowGroup, maxBytes: number): Generator<RowGroup> {
  const bytes = group.batches.reduce((sum, batch) => sum + byteLengthOfBatch(batch), 0);
  if (bytes <= maxBytes || group.rowCount <= BITMAP_STEP) {
    yield group;
    return;
  }
  const middle = Math.ceil(group.rowCount / 2 / BITMAP_STEP) * BITMAP_STEP;
  yield* partsOf(sliceGroup(group, 0, middle), maxBytes);
  yield* partsOf(sliceGroup(group, middle, group.rowCount), maxBytes);
}

function sliceBatch(batch: Batch, start: number, end: number): Batch {
  if (start === 0 && end === batch.rowCount) return batch;
  return {
    rowCount: end - start,
    columns: batch.columns.map((column) => column && sliceVector(column, start, end)),
  };
}
