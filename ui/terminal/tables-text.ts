import type { TableInfo } from '../client/node.ts';
import { ageText, bytesText, countText, rateText } from './quantities.ts';
import { type TextColumn, textTable } from './text-table.ts';

const COLUMNS: readonly TextColumn[] = [
  { title: 'TABLE', align: 'left' },
  { title: 'ROWS', align: 'right' },
  { title: 'COLUMNS', align: 'right' },
  { title: 'SIZE', align: 'right' },
  { title: 'ROWS/S', align: 'right' },
  { title: 'AGE', align: 'right' },
  { title: 'STAGED', align: 'right' },
  { title: 'GAPS', align: 'right' },
  { title: 'LAST ERROR', align: 'left' },
];

/** The gateway's tables as aligned lines; `AGE` is the time since the last publication, `GAPS` how often some were lost. */
export function tablesText(tables: readonly TableInfo[], nowMs: number, width?: number): string[] {
  const rows = tables.map((table) => [
    table.name,
    countText(table.rows),
    String(table.schema.length),
    bytesText(table.bytes),
    rateText(table.rows_per_s),
    ageText(nowMs - table.last_publication_ms),
    table.staged === 0 ? '-' : countText(table.staged),
    gapsText(table),
    table.last_error === null ? '-' : `${table.last_error.code}: ${table.last_error.detail}`,
  ]);
  return textTable(COLUMNS, rows, width);
}

/** With what is missing now; `?` where publications are not numbered, or the gateway does not tell. */
function gapsText({ checked, gaps, missing }: TableInfo): string {
  if (checked !== true) return '?';
  return missing === 0 ? countText(gaps) : `${countText(gaps)} (${countText(missing)} lost)`;
}
