import { byteWidth, type DataType, type Field } from '../../../../protocol/arrow/data-type.ts';
import type { Batch, Vector } from '../../../../protocol/arrow/vector.ts';
import type { Op } from '../../../../protocol/header.ts';
import type { TableWrite } from '../../../../protocol/table/live-table.ts';

/** Decimals and 64-bit values are bigints, decimals without their point; lists are of int32. */
export type TestCell = string | number | bigint | boolean | null | readonly number[];

export interface TestColumn {
  readonly name: string;
  readonly type: DataType;
  readonly cells: readonly TestCell[];
}

export function vectorOf(type: DataType, cells: readonly TestCell[]): Vector {
  const { length } = cells;
  const validity = cells.includes(null) ? bitsOf(cells.map((cell) => cell !== null)) : null;
  switch (type.kind) {
    case 'null':
      return { layout: 'null', length };
    case 'bool':
      return { layout: 'bool', length, validity, bits: bitsOf(cells.map((cell) => cell === true)) };
    case 'utf8':
    case 'binary': {
      const parts = cells.map((cell) => new TextEncoder().encode(String(cell ?? '')));
      const data = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
      const offsets = offsetsOf(parts);
      parts.forEach((part, i) => {
        data.set(part, offsets[i]);
      });
      return { layout: 'bytes', length, validity, offsets, data };
    }
    case 'list': {
      const parts = cells.map((cell) => (Array.isArray(cell) ? cell : []) as readonly number[]);
      const child = vectorOf(type.child.type, parts.flat());
      return { layout: 'list', length, validity, offsets: offsetsOf(parts), child };
    }
    default: {
      const width = byteWidth(type)!;
      const view = new DataView(new ArrayBuffer(length * width));
      cells.forEach((cell, i) => {
        if (cell !== null) write(view, i * width, width, type, cell as number | bigint);
      });
      return { layout: 'fixed', length, validity, width, bytes: new Uint8Array(view.buffer) };
    }
  }
}

function write(view: DataView, at: number, width: number, type: DataType, cell: number | bigint): void {
  if (type.kind === 'float') {
    if (width === 8) view.setFloat64(at, Number(cell), true);
    else view.setFloat32(at, Number(cell), true);
    return;
  }
  let bits = BigInt.asUintN(width * 8, BigInt(cell));
  for (let i = 0; i < width; i++) {
    view.setUint8(at + i, Number(bits & 0xffn));
    bits >>= 8n;
  }
}

function bitsOf(flags: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array((flags.length + 7) >> 3);
  flags.forEach((flag, i) => {
    if (flag) bits[i >> 3]! |= 1 << (i & 7);
  });
  return bits;
}

function offsetsOf(parts: readonly { readonly length: number }[]): Int32Array {
  const offsets = new Int32Array(parts.length + 1);
  parts.forEach((part, i) => {
    offsets[i + 1] = offsets[i]! + part.length;
  });
  return offsets;
}

export function fieldsOf(columns: readonly TestColumn[]): Field[] {
  return columns.map(({ name, type }) => ({ name, type, nullable: true, metadata: new Map() }));
}

export function writeOf(op: Op, key: readonly string[] | null, columns: readonly TestColumn[]): TableWrite {
  const batch: Batch = {
    rowCount: columns[0]?.cells.length ?? 0,
    columns: columns.map(({ type, cells }) => vectorOf(type, cells)),
  };
  return { op, key, fields: fieldsOf(columns), batches: [batch] };
}

export const types = {
  utf8: { kind: 'utf8' },
  bool: { kind: 'bool' },
  int32: { kind: 'int', bits: 32, signed: true },
  int64: { kind: 'int', bits: 64, signed: true },
  uint64: { kind: 'int', bits: 64, signed: false },
  float32: { kind: 'float', bits: 32 },
  float64: { kind: 'float', bits: 64 },
  decimal: { kind: 'decimal', precision: 38, scale: 2, bits: 128 },
  timestamp: { kind: 'timestamp', unit: 'ns', timezone: 'UTC' },
  date: { kind: 'date', unit: 'day' },
  list: {
    kind: 'list',
    child: {
      name: 'item',
      type: { kind: 'int', bits: 32, signed: true },
      nullable: true,
      metadata: new Map(),
    },
  },
} satisfies Record<string, DataType>;
