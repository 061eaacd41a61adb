import type { DataType } from '../../../../protocol/arrow/data-type.ts';
import type { LiveTable } from '../../../../protocol/table/live-table.ts';
import type { ViewLine } from '../../../../ui/grid/row-view/row-view.ts';
import {
  type Aggregate,
  type Filter,
  groupPath,
  type ViewSpec,
} from '../../../../ui/grid/row-view/view-spec.ts';

const collator = new Intl.Collator('en', { numeric: true });

/** What a view of the table shows, worked out from nothing; for texts of printable ASCII. */
export function naiveLines(table: LiveTable, spec: ViewSpec): ViewLine[] {
  const column = (name: string) => table.fields.findIndex((field) => field.name === name);
  const rows = Array.from({ length: table.rowCount }, (_, row) => row).filter((row) =>
    passes(table, spec, row),
  );
  const groups = [...new Set(spec.group?.by ?? [])].map(column).filter((at) => at >= 0);
  const sorts = spec.sort.map(({ column: name, direction }) => ({ at: column(name), direction }));
  const signOf = (at: number) => (sorts.find((sort) => sort.at === at)?.direction === 'descending' ? -1 : 1);
  const order = [...groups, ...sorts.map(({ at }) => at).filter((at) => at >= 0)];
  rows.sort((a, b) => {
    for (const [i, at] of order.entries()) {
      const difference = compareCells(table, at, a, b, signOf(at), i < groups.length);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  return linesOf(table, spec, rows, groups, []);
}

function linesOf(
  table: LiveTable,
  spec: ViewSpec,
  rows: readonly number[],
  groups: readonly number[],
  texts: readonly (string | null)[],
): ViewLine[] {
  const depth = texts.length;
  const at = groups[depth];
  if (at === undefined) return rows.map((row) => ({ type: 'row', row, depth }));
  const lines: ViewLine[] = [];
  const parts = new Map<string | null, number[]>();
  for (const row of rows) {
    const text = groupText(table, row, at);
    if (!parts.has(text)) parts.set(text, []);
    parts.get(text)!.push(row);
  }
  for (const [text, part] of parts) {
    const own = [...texts, text];
    const path = groupPath(own);
    const expanded = spec.group!.expanded;
    const isExpanded = expanded === 'all' || expanded.has(path);
    lines.push({
      type: 'group',
      path,
      depth,
      column: table.fields[at]!.name,
      text,
      rowCount: part.length,
      isExpanded,
      aggregates: spec.group!.aggregates.map((aggregate) => naiveAggregate(table, part, aggregate)),
    });
    if (isExpanded) lines.push(...linesOf(table, spec, part, groups, own));
  }
  return lines;
}

function groupText(table: LiveTable, row: number, at: number): string | null {
  const text = table.text(row, at);
  return text === '-0.0' ? '0.0' : text;
}

function compareCells(
  table: LiveTable,
  at: number,
  a: number,
  b: number,
  sign: number,
  isGroup: boolean,
): number {
  const { type } = table.fields[at]!;
  const x = table.value(a, at);
  const y = table.value(b, at);
  if (x === null || y === null) return Number(x === null) - Number(y === null);
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
  if (type.kind === 'utf8' || type.kind === 'list') {
    const s = table.text(a, at)!;
    const t = table.text(b, at)!;
    return sign * (collator.compare(s, t) || (isGroup && s !== t ? (s < t ? -1 : 1) : 0));
  }
  const [n, m] = [numberOf(type, x), numberOf(type, y)];
  return n === m ? 0 : sign * (n < m ? -1 : 1);
}

/** Decimals without their point. */
function numberOf(type: DataType, value: unknown): number | bigint {
  return type.kind === 'decimal' ? BigInt(String(value).replace('.', '')) : (value as number | bigint);
}

function passes(table: LiveTable, spec: ViewSpec, row: number): boolean {
  const found = spec.filters.every((filter) => {
    const at = table.fields.findIndex((field) => field.name === filter.column);
    return at < 0 || fulfils(table, row, at, filter);
  });
  if (!found || spec.search === '') return found;
  const names = spec.searchColumns ?? table.fields.map((field) => field.name);
  return names.some((name) => {
    const at = table.fields.findIndex((field) => field.name === name);
    return (
      at >= 0 &&
      (table.text(row, at) ?? '').toLowerCase().includes(spec.search.toLowerCase()) &&
      table.text(row, at) !== null
    );
  });
}

function fulfils(table: LiveTable, row: number, at: number, filter: Filter): boolean {
  const text = table.text(row, at);
  const { type } = table.fields[at]!;
  switch (filter.type) {
    case 'null':
      return (text === null) === filter.isNull;
    case 'set':
      return filter.values.includes(text) !== filter.isExcluded;
    case 'text': {
      const [cell, wanted] = [text?.toLowerCase(), filter.value.toLowerCase()];
      if (cell === undefined) return false;
      if (filter.match === 'equals') return cell === wanted;
      return filter.match === 'starts' ? cell.startsWith(wanted) : cell.includes(wanted);
    }
    case 'number':
    case 'range': {
      if (!['int', 'float', 'decimal', 'timestamp', 'date'].includes(type.kind)) return true;
      if (text === null) return false;
      const value = table.value(row, at);
      if (Number.isNaN(value)) return filter.type === 'number' && filter.compare === '≠';
      if (filter.type === 'range')
        return (
          (filter.min === null || compareTo(type, value, filter.min) >= 0) &&
          (filter.max === null || compareTo(type, value, filter.max) <= 0)
        );
      const difference = compareTo(type, value, filter.value);
      switch (filter.compare) {
        case '<':
          return difference < 0;
        case '≤':
          return difference <= 0;
        case '=':
          return difference === 0;
        case '≠':
          return difference !== 0;
        case '≥':
          return difference >= 0;
        case '>':
          return difference > 0;
      }
    }
  }
}

/** Thresholds of the model have at most three decimals; those of times are Unix milliseconds. NaN compares with nothing. */
function compareTo(type: DataType, value: unknown, threshold: string): number {
  if (type.kind === 'float') {
    const number = type.bits === 32 ? Math.fround(Number(threshold)) : Number(threshold);
    return (value as number) - number;
  }
  const [whole = '0', digits = ''] = threshold.replace('-', '').split('.');
  const thousandths = BigInt(whole + digits.padEnd(3, '0')) * (threshold.startsWith('-') ? -1n : 1n);
  const perUnit =
    type.kind === 'decimal' ? 10n ** BigInt(type.scale) : type.kind === 'timestamp' ? 1_000_000n : 1n;
  const unitsPer = type.kind === 'date' ? 86_400_000n : 1n;
  const left = BigInt(numberOf(type, value)) * 1000n * unitsPer;
  const right = thousandths * perUnit;
  return left < right ? -1 : left > right ? 1 : 0;
}

function naiveAggregate(table: LiveTable, rows: readonly number[], { column, fn }: Aggregate) {
  const at = table.fields.findIndex((field) => field.name === column);
  const none = { value: null, text: null };
  if (at < 0) return none;
  const { type } = table.fields[at]!;
  const values = rows.map((row) => table.value(row, at)).filter((value) => value !== null);
  if (fn === 'count') return { value: values.length, text: String(values.length) };
  const isNumber = ['int', 'float', 'decimal'].includes(type.kind);
  if (!(isNumber || (fn !== 'sum' && ['timestamp', 'date'].includes(type.kind)))) return none;
  if (values.length === 0) return none;
  const numbers = values.map((value) => numberOf(type, value));
  const scale = type.kind === 'decimal' ? 10 ** type.scale : 1;
  if (type.kind === 'float') return { value: naiveFloat(numbers as number[], fn), text: null };
  const wholes = numbers.map(BigInt);
  const sum = wholes.reduce((a, b) => a + b, 0n);
  const sorted = wholes.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const result = fn === 'sum' ? sum : fn === 'min' ? sorted[0]! : fn === 'max' ? sorted.at(-1)! : null;
  if (result !== null) return { value: Number(result) / scale, text: null };
  const count = BigInt(wholes.length);
  if (type.kind === 'timestamp' || type.kind === 'date')
    return { value: Number((sum - (((sum % count) + count) % count)) / count), text: null };
  return { value: Number((sum * 10n ** 15n) / count) / 1e15 / scale, text: null };
}

function naiveFloat(numbers: readonly number[], fn: Aggregate['fn']): number {
  if (fn === 'sum' || fn === 'mean') {
    const sum = numbers.reduce((a, b) => a + b, 0);
    return fn === 'sum' ? sum : sum / numbers.length;
  }
  const there = numbers.filter((value) => !Number.isNaN(value));
  if (there.length === 0) return Number.NaN;
  return fn === 'min' ? Math.min(...there) : Math.max(...there);
}
