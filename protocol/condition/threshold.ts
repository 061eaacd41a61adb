import { type Static, Type } from 'typebox';
import { cellText } from '../arrow/cell-text.ts';
import type { DataType, Field } from '../arrow/data-type.ts';
import type { Vector } from '../arrow/vector.ts';
import { type Comparison, createComparison, createRange } from './number-test.ts';
import { ColumnTest, NullTest, type RowTest } from './row-test.ts';

/** From the least to the most severe. */
export const LEVELS = ['notice', 'warning', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

export const COMPARISONS = ['>', '>=', '<', '<=', '='] as const;

const MAX_VALUE_LENGTH = 200;
const value = Type.String({ minLength: 1, maxLength: MAX_VALUE_LENGTH });
const column = {
  table: Type.String({ minLength: 1, maxLength: 128 }),
  column: Type.String({ minLength: 1, maxLength: 1024 }),
  level: Type.Enum([...LEVELS], { type: 'string' }),
};
const closed = { additionalProperties: false };

/**
 * A condition on a column that people want to know of. Values are texts, so that they are exact: decimal numbers
 * (`-1.5`, `1e6`), ISO 8601 for times, seconds for durations; `=` takes any cell's exact text too. `between` includes
 * both ends. A cell without a value fulfils `null` alone, NaN nothing.
 */
export const ThresholdSchema = Type.Union([
  Type.Object({ ...column, is: Type.Enum([...COMPARISONS], { type: 'string' }), value }, closed),
  Type.Object({ ...column, is: Type.Literal('between'), min: value, max: value }, closed),
  Type.Object({ ...column, is: Type.Literal('null') }, closed),
]);
export type Threshold = Static<typeof ThresholdSchema>;

const SIGNS: Readonly<Record<(typeof COMPARISONS)[number], Comparison>> = {
  '>': '>',
  '>=': '≥',
  '<': '<',
  '<=': '≤',
  '=': '=',
};

/** The condition as people write it: `> 100`, `between 1 and 5`, `null`. */
export function conditionText(threshold: Threshold): string {
  switch (threshold.is) {
    case 'null':
      return 'null';
    case 'between':
      return `between ${threshold.min} and ${threshold.max}`;
    default:
      return `${threshold.is} ${threshold.value}`;
  }
}

/** A threshold's column, found in a table, and whether a row of it fulfils the condition. */
export interface ThresholdTest {
  readonly column: number;
  readonly type: DataType;
  readonly test: RowTest;
}

/** Null where the table has no such column, or the value is none of its type. A test serves one `RowAccess`. */
export function createThresholdTest(fields: readonly Field[], threshold: Threshold): ThresholdTest | null {
  const column = fields.findIndex((field) => field.name === threshold.column);
  if (column < 0) return null;
  const { type } = fields[column]!;
  const test = createTest(column, type, threshold);
  return test === null ? null : { column, type, test };
}

function createTest(column: number, type: DataType, threshold: Threshold): RowTest | null {
  switch (threshold.is) {
    case 'null':
      return new NullTest(column, true);
    case 'between':
      return createRange(column, type, threshold.min, threshold.max);
    default: {
      const comparison = createComparison(column, type, SIGNS[threshold.is], threshold.value);
      return comparison ?? (threshold.is === '=' ? new ExactTextTest(column, type, threshold.value) : null);
    }
  }
}

/** Cells with that exact text. */
class ExactTextTest extends ColumnTest {
  readonly #type: DataType;
  readonly #wanted: string;
  #vector: Vector | undefined;

  constructor(column: number, type: DataType, wanted: string) {
    super(column);
    this.#type = type;
    this.#wanted = wanted;
  }

  protected bind(vector: Vector): void {
    this.#vector = vector;
  }

  protected holdsAt(at: number): boolean {
    return cellText(this.#type, this.#vector, at) === this.#wanted;
  }
}
