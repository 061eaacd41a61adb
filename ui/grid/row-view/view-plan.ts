import { type DataType, type Field, sameType } from '../../../protocol/arrow/data-type.ts';
import { createComparison, createRange } from '../../../protocol/condition/number-test.ts';
import { NullTest, type RowTest } from '../../../protocol/condition/row-test.ts';
import type { KeyColumn } from './create-key-encoder.ts';
import { SearchTest, SetTest, TextTest } from './text-test.ts';
import { canAggregate } from './totals.ts';
import type { AggregateFunction, Filter, SpecProblem, ViewSpec } from './view-spec.ts';

export interface PlannedAggregate {
  readonly column: number;
  readonly type: DataType;
  readonly fn: AggregateFunction;
}

/** A spec with a table's columns found and its values read: what an order is built by. */
export interface ViewPlan {
  /** The group columns' keys first. */
  readonly keys: readonly KeyColumn[];
  readonly tests: readonly RowTest[];
  readonly groupColumns: readonly { readonly column: number; readonly field: Field }[];
  readonly aggregates: readonly (PlannedAggregate | null)[];
  readonly problems: readonly SpecProblem[];
  /** Neither sorted, filtered, searched nor grouped. */
  readonly isPlain: boolean;
  /** Equal for specs and tables that need no other order: all but what is expanded. */
  readonly id: string;
}

export function planView(spec: ViewSpec, fields: readonly Field[]): ViewPlan {
  const problems: SpecProblem[] = [];
  const groupColumns = planGroups(spec, fields, problems);
  const keys = planKeys(spec, fields, groupColumns, problems);
  const tests = planTests(spec, fields, problems);
  const aggregates = planAggregates(spec, fields, problems);
  const { group, ...rest } = spec;
  return {
    keys,
    tests,
    groupColumns,
    aggregates,
    problems,
    isPlain: keys.length === 0 && tests.length === 0,
    id: JSON.stringify([rest, group?.by, group?.aggregates, usedFields(spec, fields)]),
  };
}

/** The plan of a spec whose groups are too many to be shown. */
export function planUngrouped(spec: ViewSpec, fields: readonly Field[]): ViewPlan {
  const plan = planView({ ...spec, group: null }, fields);
  const column = spec.group?.by[0] ?? '';
  const problem = { part: 'group', index: 0, column, reason: 'too_many_groups' } as const;
  return { ...plan, problems: [...plan.problems, problem], id: `${planView(spec, fields).id} ungrouped` };
}

/** Whether columns of these names and types stand at the same places. */
export function sameFields(a: readonly Field[], b: readonly Field[]): boolean {
  return (
    a.length === b.length &&
    a.every((field, i) => field.name === b[i]!.name && sameType(field.type, b[i]!.type))
  );
}

/** What of the fields a plan depends on. */
function usedFields(spec: ViewSpec, fields: readonly Field[]): unknown {
  const searchesAll = spec.search !== '' && spec.searchColumns === null;
  const used = new Set([
    ...spec.sort.map(({ column }) => column),
    ...spec.filters.map(({ column }) => column),
    ...(spec.search === '' ? [] : (spec.searchColumns ?? [])),
    ...(spec.group === null ? [] : [...spec.group.by, ...spec.group.aggregates.map(({ column }) => column)]),
  ]);
  return fields.flatMap(({ name, type }, i) => (searchesAll || used.has(name) ? [[i, name, type]] : []));
}

function indexOfField(fields: readonly Field[], name: string): number {
  return fields.findIndex((field) => field.name === name);
}

function planGroups(spec: ViewSpec, fields: readonly Field[], problems: SpecProblem[]) {
  const found: { column: number; field: Field }[] = [];
  spec.group?.by.forEach((name, index) => {
    const column = indexOfField(fields, name);
    if (column < 0) problems.push({ part: 'group', index, column: name, reason: 'missing_column' });
    else if (!found.some((other) => other.column === column)) found.push({ column, field: fields[column]! });
  });
  return found;
}

function planKeys(
  spec: ViewSpec,
  fields: readonly Field[],
  groups: readonly { readonly column: number; readonly field: Field }[],
  problems: SpecProblem[],
): KeyColumn[] {
  const sorted = new Map<number, boolean>();
  spec.sort.forEach(({ column: name, direction }, index) => {
    const column = indexOfField(fields, name);
    if (column < 0) problems.push({ part: 'sort', index, column: name, reason: 'missing_column' });
    else if (!sorted.has(column)) sorted.set(column, direction === 'descending');
  });
  const keys: KeyColumn[] = groups.map(({ column, field: { type } }) => {
    return { column, type, flips: sorted.get(column) ?? false, isExact: true };
  });
  for (const [column, flips] of sorted) {
    if (groups.some((group) => group.column === column)) continue;
    keys.push({ column, type: fields[column]!.type, flips, isExact: false });
  }
  return keys;
}

function planTests(spec: ViewSpec, fields: readonly Field[], problems: SpecProblem[]): RowTest[] {
  const tests: RowTest[] = [];
  spec.filters.forEach((filter, index) => {
    const column = indexOfField(fields, filter.column);
    const test = column < 0 ? 'missing_column' : createTest(filter, column, fields[column]!.type);
    if (typeof test !== 'string') tests.push(test);
    else problems.push({ part: 'filter', index, column: filter.column, reason: test });
  });
  if (spec.search === '') return tests;
  const searched = (spec.searchColumns ?? fields.map(({ name }) => name)).flatMap((name, index) => {
    const column = indexOfField(fields, name);
    if (column < 0) problems.push({ part: 'search', index, column: name, reason: 'missing_column' });
    return column < 0 ? [] : [{ column, type: fields[column]!.type }];
  });
  tests.push(new SearchTest(searched, spec.search));
  return tests;
}

function createTest(filter: Filter, column: number, type: DataType): RowTest | SpecProblem['reason'] {
  switch (filter.type) {
    case 'text':
      return new TextTest(column, type, filter.match, filter.value);
    case 'set':
      return new SetTest(column, type, filter.values, filter.isExcluded);
    case 'null':
      return new NullTest(column, filter.isNull);
    case 'number':
      if (!isOrdered(type)) return 'bad_type';
      return createComparison(column, type, filter.compare, filter.value) ?? 'bad_value';
    case 'range':
      if (!isOrdered(type)) return 'bad_type';
      return createRange(column, type, filter.min, filter.max) ?? 'bad_value';
  }
}

function isOrdered(type: DataType): boolean {
  return ['int', 'float', 'decimal', 'date', 'time', 'timestamp', 'duration'].includes(type.kind);
}

function planAggregates(
  spec: ViewSpec,
  fields: readonly Field[],
  problems: SpecProblem[],
): (PlannedAggregate | null)[] {
  return (spec.group?.aggregates ?? []).map(({ column: name, fn }, index) => {
    const column = indexOfField(fields, name);
    const type = fields[column]?.type;
    const reason = type === undefined ? 'missing_column' : canAggregate(type, fn) ? null : 'bad_type';
    if (reason !== null) problems.push({ part: 'aggregate', index, column: name, reason });
    return reason === null ? { column, type: type!, fn } : null;
  });
}
