import type { DataType } from '../../../protocol/arrow/data-type.ts';
import { isNumeric, isTime } from '../../../protocol/column-label.ts';
import type { Comparison, Filter } from '../row-view/view-spec.ts';

/** What a viewer chooses in the filter form; each is one kind of {@link Filter}. */
export type Condition =
  | 'contains'
  | 'equals'
  | 'starts'
  | Comparison
  | 'range'
  | 'in'
  | 'not-in'
  | 'missing'
  | 'present';

export interface FilterInput {
  readonly condition: Condition;
  readonly value: string;
  readonly min: string;
  readonly max: string;
  readonly values: readonly (string | null)[];
}

const COMPARISONS: readonly Comparison[] = ['=', '≠', '<', '≤', '≥', '>'];

/** The conditions that fit a type; those on listed values only where the values are few enough to list. */
export function conditionsFor(type: DataType, hasValues: boolean): readonly Condition[] {
  const hasOrder = isNumeric(type) || isTime(type) || type.kind === 'time' || type.kind === 'duration';
  const own: Condition[] = hasOrder ? ['range', ...COMPARISONS] : ['contains', 'equals', 'starts'];
  const listed: Condition[] = hasValues ? ['in', 'not-in'] : [];
  return [...own, ...listed, 'missing', 'present'];
}

/** The filter that was put in; null where it lets everything through. */
export function filterFrom(column: string, input: FilterInput): Filter | null {
  const { condition, values } = input;
  const value = input.value.trim();
  const [min, max] = [input.min.trim(), input.max.trim()];
  switch (condition) {
    case 'contains':
    case 'starts':
      return input.value === '' ? null : { type: 'text', column, match: condition, value: input.value };
    case 'equals':
      return { type: 'text', column, match: 'equals', value: input.value };
    case 'range':
      if (min === '' && max === '') return null;
      return { type: 'range', column, min: min === '' ? null : min, max: max === '' ? null : max };
    case 'in':
    case 'not-in':
      return values.length === 0 ? null : { type: 'set', column, values, isExcluded: condition === 'not-in' };
    case 'missing':
    case 'present':
      return { type: 'null', column, isNull: condition === 'missing' };
    default:
      return value === '' ? null : { type: 'number', column, compare: condition, value };
  }
}

/** What the form shows of a filter. */
export function inputOf(filter: Filter | null, conditions: readonly Condition[]): FilterInput {
  const empty: FilterInput = {
    condition: conditions[0] ?? 'present',
    value: '',
    min: '',
    max: '',
    values: [],
  };
  switch (filter?.type) {
    case undefined:
      return empty;
    case 'text':
      return { ...empty, condition: filter.match, value: filter.value };
    case 'number':
      return { ...empty, condition: filter.compare, value: filter.value };
    case 'range':
      return { ...empty, condition: 'range', min: filter.min ?? '', max: filter.max ?? '' };
    case 'set':
      return { ...empty, condition: filter.isExcluded ? 'not-in' : 'in', values: filter.values };
    case 'null':
      return { ...empty, condition: filter.isNull ? 'missing' : 'present' };
  }
}
