import { TablecastError } from '../errors.ts';
import type { DataType, TimeUnit } from './data-type.ts';

const INT = /^(u?)int(8|16|32|64)$/;
const FLOAT = /^float(32|64)$/;
const TIMESTAMP = /^timestamp\[(s|ms|us|ns)(?:, *([^\]]+))?\]$/;
const LIST = /^list<(.+)>$/;

/**
 * A type from its name, as `typeName` writes it: `null`, `bool`, `int8` … `uint64`, `float32`, `float64`, `utf8`, `binary`,
 * `date32`, `timestamp[ms]`, `timestamp[ms, UTC]`, `list<…>` of those. Other types have no name here.
 *
 * @throws TablecastError `bad_parameter`
 */
export function parseTypeName(name: string): DataType {
  if (name === 'null' || name === 'bool' || name === 'utf8' || name === 'binary') return { kind: name };
  if (name === 'date32') return { kind: 'date', unit: 'day' };
  const int = INT.exec(name);
  if (int !== null) return { kind: 'int', bits: intBits(int[2]), signed: int[1] === '' };
  const float = FLOAT.exec(name);
  if (float !== null) return { kind: 'float', bits: float[1] === '32' ? 32 : 64 };
  const timestamp = TIMESTAMP.exec(name);
  if (timestamp !== null) {
    return { kind: 'timestamp', unit: timestamp[1] as TimeUnit, timezone: timestamp[2] ?? null };
  }
  const list = LIST.exec(name);
  if (list !== null) {
    const type = parseTypeName(list[1]!);
    return { kind: 'list', child: { name: 'item', type, nullable: true, metadata: new Map() } };
  }
  throw new TablecastError(
    'bad_parameter',
    `No column type is named ${JSON.stringify(name)}; try "float64", "int32", "utf8", "bool" or "timestamp[ms, UTC]".`,
  );
}

function intBits(text: string | undefined): 8 | 16 | 32 | 64 {
  return text === '8' ? 8 : text === '16' ? 16 : text === '32' ? 32 : 64;
}
