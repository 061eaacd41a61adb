import { createColumnBuilder } from '../../protocol/arrow/create-column-builder.ts';
import type { DataType, Field } from '../../protocol/arrow/data-type.ts';
import { type Batch, byteLengthOf, sliceVector, type Vector } from '../../protocol/arrow/vector.ts';
import { childrenOf } from '../../protocol/arrow/write-schema.ts';

/** Rows that a bitmap holds in whole bytes: slices that begin at a multiple of it copy nothing. */
const BITMAP_STEP = 8;

/** A batch in pieces of at most `maxBytes` and `maxRows`, each of at least some rows, which share the batch's bytes. */
export function* batchPieces(
  fields: readonly Field[],
  batch: Batch,
  max: { readonly bytes: number; readonly rows: number },
): Generator<Batch> {
  const { rowCount } = batch;
  const bytes = batch.columns.reduce((sum, column) => sum + byteLengthOf(column, 0, rowCount), 0);
  if (rowCount <= BITMAP_STEP || (bytes <= max.bytes && rowCount <= max.rows)) {
    yield sliceBatch(fields, batch, 0, rowCount);
    return;
  }
  const middle = Math.ceil(rowCount / 2 / BITMAP_STEP) * BITMAP_STEP;
  yield* batchPieces(fields, sliceBatch(fields, batch, 0, middle), max);
  yield* batchPieces(fields, sliceBatch(fields, batch, middle, rowCount), max);
}

/** Rows `start .. end` of a run of batches. */
export function* sliceBatches(
  fields: readonly Field[],
  batches: Iterable<Batch>,
  start: number,
  end: number,
): Generator<Batch> {
  let before = 0;
  for (const batch of batches) {
    const from = Math.max(0, start - before);
    const to = Math.min(batch.rowCount, end - before);
    if (from < to) yield sliceBatch(fields, batch, from, to);
    before += batch.rowCount;
    if (before >= end) return;
  }
}

function sliceBatch(fields: readonly Field[], batch: Batch, start: number, end: number): Batch {
  const columns = batch.columns.map(
    (column, i) => column && sliceColumn(fields[i]!.type, column, start, end),
  );
  return { rowCount: end - start, columns };
}

/** Unions are copied: a slice keeps all its children's values, and every piece would be written with all of them. */
function sliceColumn(type: DataType, vector: Vector, start: number, end: number): Vector {
  if (!holdsUnion(type)) return start === 0 ? vector : sliceVector(vector, start, end);
  const builder = createColumnBuilder(type, end - start);
  builder.appendRange(vector, start, end);
  return builder.vector;
}

function holdsUnion(type: DataType): boolean {
  if (type.kind === 'union') return true;
  return childrenOf(type).some((child) => holdsUnion(child.type));
}
