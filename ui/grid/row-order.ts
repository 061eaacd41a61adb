import { isNumeric, isTime } from '../column-label.ts';
import type { TableReader } from '../table-reader.ts';

export interface Sort {
  readonly column: number;
  readonly direction: 'ascending' | 'descending';
}

/** Row positions in the order of one column, equal values in table order, nulls last; null for the table's own order. */
export function orderRows(table: TableReader, sort: Sort | null): Uint32Array | null {
  const field = sort === null ? undefined : table.fields[sort.column];
  if (sort === null || field === undefined) return null;
  const rows = Uint32Array.from({ length: table.rowCount }, (_, row) => row);
  const sign = sort.direction === 'ascending' ? 1 : -1;
  if (isNumeric(field.type) || isTime(field.type)) {
    const values = table.numbers(sort.column, 0, table.rowCount);
    return rows.sort((a, b) => compareNumbers(values[a]!, values[b]!, sign) || a - b);
  }
  const texts = Array.from(rows, (row) => table.text(row, sort.column));
  const collator = new Intl.Collator('en', { numeric: true });
  return rows.sort((a, b) => compareTexts(texts[a] ?? null, texts[b] ?? null, collator, sign) || a - b);
}

/** none → ascending → descending → none. */
export function nextSort(sort: Sort | null, column: number): Sort | null {
  if (sort === null || sort.column !== column) return { column, direction: 'ascending' };
  return sort.direction === 'ascending' ? { column, direction: 'descending' } : null;
}

function compareNumbers(a: number, b: number, sign: number): number {
  const isMissingA = Number.isNaN(a);
  const isMissingB = Number.isNaN(b);
  if (isMissingA || isMissingB) return Number(isMissingA) - Number(isMissingB);
  return a === b ? 0 : a < b ? -sign : sign;
}

function compareTexts(a: string | null, b: string | null, collator: Intl.Collator, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return sign * collator.compare(a, b);
}
