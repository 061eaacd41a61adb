import { Decimal, Field, makeData, RecordBatch, Schema, Struct, Table, tableToIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
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
});
