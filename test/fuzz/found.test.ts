import { Decimal, Field, makeData, RecordBatch, Schema, Struct, Table, tableToIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { cellJson } from '../../protocol/arrow/cell-text.ts';
import { createColumnBuilder } from '../../protocol/arrow/create-column-builder.ts';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { sliceVector } from '../../protocol/arrow/vector.ts';
import { codeOf } from '../support/code-of.ts';

/** Inputs that once did harm, each built as simply as it can be. */
describe('what damaged input has brought to light', () => {
  function decimals(scale: number): Uint8Array {
    const type = new Decimal(scale, 38, 128);
    const child = makeData({ type, length: 1, nullCount: 0, data: Uint32Array.of(7, 0, 0, 0) });
    const fields = [new Field('d', type, true)];
    const data = makeData({ type: new Struct(fields), length: 1, nullCount: 0, children: [child] });
    return tableToIPC(new Table([new RecordBatch(new Schema(fields), data)]), 'stream');
  }

  test.each([-0x80000000, -1_000_000, -129, 129, 0x7fffffff])(
    'decimals of scale %i, whose texts would not end, are refused',
    (scale) => {
      expect(codeOf(() => readIpc(decimals(scale)))).toBe('arrow_unsupported');
    },
  );

  test.each([-128, 0, 38, 128])('decimals of scale %i are taken', (scale) => {
    expect(readIpc(decimals(scale)).rowCount).toBe(1);
  });

  test('a part of the rows of a list column that were gathered has their values', () => {
    const list = {
      kind: 'list',
      child: { name: 'item', type: { kind: 'utf8' }, nullable: true, metadata: new Map() },
    } as const;
    const { batches } = readIpc(
      fromValues([{ a: ['x'] }, { a: ['y', 'z'] }, { a: [] }, { a: null }, { a: ['last'] }]),
    );
    const builder = createColumnBuilder(list);
    builder.appendRange(batches[0]!.columns[0], 0, 5);
    const slice = sliceVector(builder.vector, 1, 5);
    const texts = [0, 1, 2, 3].map((row) => cellJson(list, slice, row));
    expect(texts).toEqual(['["y","z"]', '[]', 'null', '["last"]']);
  });
});
