import type { DataType } from '../../../protocol/arrow/data-type.ts';
import { isInt64, numberLayout } from '../../../protocol/arrow/number-layout.ts';
import { BoolEncoder, Int64Encoder, type KeyEncoder, NumberEncoder } from './key-encoder.ts';
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
