import type { DataType } from '../arrow/data-type.ts';
import type { ChartSource } from './chart-source.ts';

/** Stands for a name that is null. */
export const MISSING_NAME = '∅';

/** Rows by what they have in a column: equal codes, equal values. */
export interface RowCodes {
  /** Per row from `start` on, a number from 0. */
  readonly codes: Uint32Array;
  /** Per code, the first such row, from `start` on; codes are given in that order. */
  readonly firstRows: readonly number[];
}

/** Null is a name too. */
export function nameAt(table: ChartSource, row: number, column: number): string {
  return table.text(row, column) ?? MISSING_NAME;
}

/** By name; numbers and times by value, where that is the same. */
export function codeNames(table: ChartSource, column: number, start: number, end: number): RowCodes {
  if (isExactAsNumber(table.fields[column]!.type)) return codeNumbers(table.numbers(column, start, end));
  const codes = new Uint32Array(end - start);
  const firstRows: number[] = [];
  const codeOf = new Map<string, number>();
  for (let i = 0; i < codes.length; i++) {
    const name = nameAt(table, start + i, column);
    let code = codeOf.get(name);
    if (code === undefined) {
      code = firstRows.push(i) - 1;
      codeOf.set(name, code);
    }
    codes[i] = code;
  }
  return { codes, firstRows };
}

/** By value; NaN is one. */
export function codeNumbers(values: Float64Array): RowCodes {
  const codes = new Uint32Array(values.length);
  const firstRows: number[] = [];
  // While values ascend, as times do, a new one is none that was there before.
  let i = 0;
  for (; i < values.length; i++) {
    const isSame = i > 0 && values[i] === values[i - 1];
    if (i > 0 && !isSame && !(values[i]! > values[i - 1]!)) break;
    codes[i] = isSame ? codes[i - 1]! : firstRows.push(i) - 1;
  }
  if (i === values.length) return { codes, firstRows };
  const codeOf = new Map(firstRows.map((row, code) => [values[row]!, code]));
  for (; i < values.length; i++) {
    let code = values[i] === values[i - 1] ? codes[i - 1] : codeOf.get(values[i]!);
    if (code === undefined) {
      code = firstRows.push(i) - 1;
      codeOf.set(values[i]!, code);
    }
    codes[i] = code;
  }
  return { codes, firstRows };
}

/** Whether different values are different as 64-bit floats, and null and NaN need not be told apart. */
function isExactAsNumber(type: DataType): boolean {
  switch (type.kind) {
    case 'int':
      return type.bits <= 32;
    case 'date':
      return true;
    case 'timestamp':
      return type.unit !== 'ns';
    default:
      return false;
  }
}
