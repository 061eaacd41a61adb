import { KeyedRows } from './keyed-rows.ts';
import type { LiveTable, TableShape } from './live-table.ts';
import { RowsCut } from './rows-cut.ts';

/** A table at one moment, whatever is written to it later. */
export interface TableCut {
  readonly shape: TableShape;
  readonly rows: RowsCut;
  readonly deletions: RowsCut | null;
}

/** Costs about a copy of 8 bytes a row of tables with a key, and next to nothing for others. */
export function cutTable(live: LiveTable): TableCut {
  const { fields, key, rows, queue } = live;
  return {
    shape: {
      fields,
      key,
      firstRow: queue?.firstRow ?? 0,
      slotCount: rows instanceof KeyedRows ? rows.slots.count : 0,
    },
    rows: new RowsCut(rows.log, rows instanceof KeyedRows ? rows.slots.positions : null),
    deletions: live.cutDeletions(),
  };
}
