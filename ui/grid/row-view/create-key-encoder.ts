import type { DataType } from '../../../protocol/arrow/data-type.ts';
import {
  BoolEncoder,
  Int64Encoder,
  type KeyEncoder,
  NumberEncoder,
  type NumberLayout,
} from './key-encoder.ts';
import { BinaryEncoder, CellTextEncoder, DecimalEncoder, TextEncoderOfKeys } from './long-key-encoder.ts';

export interface KeyColumn {
  readonly column: number;
  readonly type: DataType;
  readonly flips: boolean;
  /** Equal keys are equal values, as groups need it; else texts that natural order does not tell apart have equal keys. */
  readonly isExact: boolean;
}

export function createKeyEncoder({ column, type, flips, isExact }: KeyColumn): KeyEncoder {
  const layout = numberLayout(type);
  if (layout !== null) return new NumberEncoder(column, flips, layout);
  if (isInt64(type)) return new Int64Encoder(column, flips, type.kind !== 'int' || type.signed);
  switch (type.kind) {
    case 'bool':
      return new BoolEncoder(column, flips);
    case 'decimal':
      return new DecimalEncoder(column, flips, type.bits / 8);
    case 'utf8':
      return new TextEncoderOfKeys(column, flips, isExact);
    case 'binary':
    case 'fixed_size_binary':
      return new BinaryEncoder(column, flips);
    default:
      return new CellTextEncoder(column, flips, isExact, type);
  }
}

/** How numbers that a double holds exactly lie in memory; null for types that have others. */
export function numberLayout(type: DataType): NumberLayout | null {
  switch (type.kind) {
    case 'float':
      return type.bits === 64 ? 'f64' : type.bits === 32 ? 'f32' : 'f16';
    case 'int':
      if (type.bits === 64) return null;
      return `${type.signed ? 'i' : 'u'}${type.bits}`;
    case 'decimal':
      return type.bits === 32 ? 'i32' : null;
    case 'date':
      return type.unit === 'day' ? 'i32' : null;
    case 'time':
      return type.unit === 's' || type.unit === 'ms' ? 'i32' : null;
    default:
      return null;
  }
}

/** Types whose values are 64-bit integers. */
export function isInt64(type: DataType): boolean {
  switch (type.kind) {
    case 'int':
    case 'decimal':
      return type.bits === 64;
    case 'date':
      return type.unit === 'ms';
    case 'time':
      return type.unit === 'us' || type.unit === 'ns';
    case 'timestamp':
    case 'duration':
      return true;
    default:
      return false;
  }
}
