import type { SchemaElement } from 'hyparquet';
import type { DataType, TimeUnit } from '../../../protocol/arrow/data-type.ts';
import { TablecastError } from '../../../protocol/errors.ts';

const UNITS = { MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' } as const satisfies Record<string, TimeUnit>;
const MAX_DECIMAL128_DIGITS = 38;
const MAX_DECIMAL_DIGITS = 76;

/**
 * The type of a column of values, by its logical type, else its converted type, else how it is stored (parquet-format, "Logical
 * types"). What is adjusted to UTC has the zone UTC; where the file says another one, `parquetSchema` sets it.
 *
 * @throws TablecastError `unsupported_media_type`
 */
export function parquetType(element: SchemaElement): DataType {
  return logicalType(element) ?? convertedType(element) ?? storedType(element);
}

function logicalType({ logical_type: logical, type_length }: SchemaElement): DataType | null {
  switch (logical?.type) {
    case 'STRING':
    case 'ENUM':
    case 'JSON':
      return { kind: 'utf8' };
    case 'DATE':
      return { kind: 'date', unit: 'day' };
    case 'NULL':
      return { kind: 'null' };
    case 'UUID':
      return { kind: 'fixed_size_binary', byteWidth: type_length ?? 16 };
    case 'FLOAT16':
      return { kind: 'float', bits: 16 };
    case 'DECIMAL':
      return decimal(logical.precision, logical.scale);
    case 'TIME':
      return { kind: 'time', unit: UNITS[logical.unit] };
    case 'TIMESTAMP':
      return {
        kind: 'timestamp',
        unit: UNITS[logical.unit],
        timezone: logical.isAdjustedToUTC ? 'UTC' : null,
      };
    case 'INTEGER':
      return integer(logical.bitWidth, logical.isSigned);
    default:
      return null;
  }
}

function convertedType({ converted_type, precision = 0, scale = 0 }: SchemaElement): DataType | null {
  switch (converted_type) {
    case 'UTF8':
    case 'ENUM':
    case 'JSON':
      return { kind: 'utf8' };
    case 'DECIMAL':
      return decimal(precision, scale);
    case 'DATE':
      return { kind: 'date', unit: 'day' };
    case 'TIME_MILLIS':
      return { kind: 'time', unit: 'ms' };
    case 'TIME_MICROS':
      return { kind: 'time', unit: 'us' };
    case 'TIMESTAMP_MILLIS':
      return { kind: 'timestamp', unit: 'ms', timezone: 'UTC' };
    case 'TIMESTAMP_MICROS':
      return { kind: 'timestamp', unit: 'us', timezone: 'UTC' };
    case 'INTERVAL':
      return { kind: 'interval', unit: 'month_day_nano' };
    default: {
      const [, sign, bits] = /^(U?)INT_(\d+)$/.exec(converted_type ?? '') ?? [];
      return bits === undefined ? null : integer(Number(bits), sign === '');
    }
  }
}

function storedType({ type, type_length, name }: SchemaElement): DataType {
  switch (type) {
    case 'BOOLEAN':
      return { kind: 'bool' };
    case 'INT32':
      return { kind: 'int', bits: 32, signed: true };
    case 'INT64':
      return { kind: 'int', bits: 64, signed: true };
    case 'INT96':
      return { kind: 'timestamp', unit: 'ns', timezone: null };
    case 'FLOAT':
      return { kind: 'float', bits: 32 };
    case 'DOUBLE':
      return { kind: 'float', bits: 64 };
    case 'BYTE_ARRAY':
      return { kind: 'binary' };
    case 'FIXED_LEN_BYTE_ARRAY':
      return { kind: 'fixed_size_binary', byteWidth: type_length ?? 0 };
    default:
      throw new TablecastError(
        'unsupported_media_type',
        `The Parquet column "${name}" has no type that is known here.`,
      );
  }
}

function integer(bits: number, signed: boolean): DataType | null {
  if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) return null;
  return { kind: 'int', bits, signed };
}

function decimal(precision: number, scale: number): DataType | null {
  if (precision > MAX_DECIMAL_DIGITS) return null;
  return { kind: 'decimal', precision, scale, bits: precision > MAX_DECIMAL128_DIGITS ? 256 : 128 };
}
