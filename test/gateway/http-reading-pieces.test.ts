import { describe, expect, test } from 'vitest';
import { batchPieces, sliceBatches } from '../../gateway/http/batch-pieces.ts';
import { FORMATS } from '../../gateway/http/read-rows.ts';
import { cellJson } from '../../protocol/arrow/cell-text.ts';
import type { DataType, Field } from '../../protocol/arrow/data-type.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import type { Batch, Vector } from '../../protocol/arrow/vector.ts';

const ROWS = 10_007;
const int64: DataType = { kind: 'int', bits: 64, signed: true };
const fieldOf = (name: string, type: DataType): Field => ({
  name,
  type,
  nullable: true,
  metadata: new Map(),
});
const int64s = (length: number): Vector => ({
  layout: 'fixed',
  length,
  validity: Uint8Array.from({ length: (length + 7) >> 3 }, (_, i) => 0xff ^ (1 << (i & 7))),
  width: 8,
  bytes: new Uint8Array(BigInt64Array.from({ length }, (_, i) => BigInt(i)).buffer),
});
/** Texts of growing length: the pieces have not all as many rows. */
const texts = (): Vector => {
  const offsets = Int32Array.from({ length: ROWS + 1 }, (_, i) => Math.floor((i * i) / 1000));
  const data = new Uint8Array(offsets[ROWS]!).fill(0x61);
  return { layout: 'bytes', length: ROWS, validity: null, offsets, data };
};
const union: DataType = {
  kind: 'union',
  typeIds: [0, 1],
  children: [fieldOf('a', int64), fieldOf('b', int64)],
};
const unions = (): Vector => ({
  layout: 'union',
  length: ROWS,
  childIndexes: Int8Array.from({ length: ROWS }, (_, i) => i & 1),
  offsets: Int32Array.from({ length: ROWS }, (_, i) => i >> 1),
  children: [int64s(ROWS), int64s(ROWS)],
});

const cases: [string, DataType, Vector][] = [
  ['integers', int64, int64s(ROWS)],
  ['texts', { kind: 'utf8' }, texts()],
  ['unions', union, unions()],
  [
    'structs of unions',
    { kind: 'struct', children: [fieldOf('u', union)] },
    { layout: 'struct', length: ROWS, validity: null, children: [unions()] },
  ],
];

describe.each(cases)('%s in pieces', (_, type, vector) => {
  const fields = [fieldOf('x', type)];
  const batch: Batch = { rowCount: ROWS, columns: [vector] };
  const cellsOf = (batches: readonly Batch[]) =>
    batches.flatMap(({ rowCount, columns }) =>
      Array.from({ length: rowCount }, (_, row) => cellJson(type, columns[0], row)),
    );

  test('are the same rows, each piece within its bounds', () => {
    const max = { bytes: 4096, rows: 300 };
    const pieces = [...batchPieces(fields, batch, max)];
    expect(cellsOf(pieces)).toEqual(cellsOf([batch]));
    for (const { rowCount } of pieces) expect(rowCount).toBeLessThanOrEqual(max.rows);
  });

  test('are written as Arrow with no more bytes than their values need', () => {
    const slices = [...batchPieces(fields, batch, { bytes: 4096, rows: 1000 })];
    const size = (rows: readonly Batch[]) =>
      [...FORMATS.arrow.write({ fields, batches: rows })].reduce((sum, chunk) => sum + chunk.length, 0);
    const metadataBytes = 600 * slices.length;
    expect(size(slices)).toBeLessThan(size([batch]) + metadataBytes);
    const written = Buffer.concat([...FORMATS.arrow.write({ fields, batches: slices })]);
    expect(cellsOf(readIpc(written).batches)).toEqual(cellsOf([batch]));
  });

  test.each([
    [0, ROWS],
    [1, 2],
    [1000, 5003],
    [5003, 5003],
    [ROWS - 1, ROWS + 5],
    [ROWS, Number.POSITIVE_INFINITY],
  ])('have the rows %d to %d where those are asked for', (start, end) => {
    const pieces = [...batchPieces(fields, batch, { bytes: 1e9, rows: 777 })];
    expect(cellsOf([...sliceBatches(fields, pieces, start, end)])).toEqual(
      cellsOf([batch]).slice(start, end),
    );
  });
});
