import { cellText } from '../arrow/cell-text.ts';
import type { DataType, Field } from '../arrow/data-type.ts';
import type { Vector } from '../arrow/vector.ts';
import { type Comparison, createComparison, createRange } from './number-test.ts';
import { ColumnTest, NullTest, type RowTest } from './row-test.ts';
import type { Threshold } from './threshold-schema.ts';

export type { Threshold } from './threshold-schema.ts';

/** From the least to the most severe. */
export const LEVELS = ['notice', 'warning', 'critical'] as const satisfies readonly Threshold['level'][];
export type Level = (typeof LEVELS)[number];

export const COMPARISONS = ['>', '>=', '<', '<=', '='] as const;

/** What texts of a threshold have at most: characters. */
export const THRESHOLD_LIMITS = { maxTableLength: 128, maxColumnLength: 1024, maxValueLength: 200 } as const;

const SIGNS: Readonly<Record<(typeof COMPARISONS)[number], Comparison>> = {
  '>': '>',
  '>=': '≥',
  '<': '<',
  '<=': '≤',
  '=': '=',
};

/** Whether the schema holds; written out, because its library is larger than all else that a page loads. */
export function isThreshold(json: unknown): json is Threshold {
  if (typeof json !== 'object' || json === null) return false;
  const { table, column, level, is, ...rest } = json as Record<string, unknown>;
  const { maxTableLength, maxColumnLength, maxValueLength } = THRESHOLD_LIMITS;
  if (!isText(table, maxTableLength) || !isText(column, maxColumnLength)) return false;
  if (!LEVELS.some((known) => known === level)) return false;
  const values = is === 'null' ? [] : is === 'between' ? ['min', 'max'] : ['value'];
  const isKnown = is === 'null' || is === 'between' || COMPARISONS.some((comparison) => comparison === is);
  return (
    isKnown &&
    Object.keys(rest).every((name) => values.includes(name)) &&
    values.every((name) => isText(rest[name], maxValueLength))
  );
}

function isText(value: unknown, maxLength: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= maxLength;
}

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
