import type { RowAccess } from '../../../protocol/table/row-access.ts';
import { GONE } from '../../../protocol/table/row-tracker.ts';
import { FrozenLines, type Lines } from './lines.ts';

/** Lines as they are, but for rows that went. */
export function freezeLines(lines: Lines, rows: RowAccess): FrozenLines {
  return FrozenLines.of(lines, (id) => (rows.has(id) ? id : -1));
}

/** Frozen lines whose rows have other ids now. */
export function renumberLines(lines: FrozenLines, renumbered: Uint32Array): FrozenLines {
  return FrozenLines.of(lines, (id) => {
    const to = renumbered[id] ?? GONE;
    return to === GONE ? -1 : to;
  });
}

/** Where each row stood in the table, the row that stands there now that the table began anew. */
export function freezePlaces(lines: Lines, before: RowAccess, now: RowAccess): FrozenLines {
  return FrozenLines.of(lines, (id) => {
    const row = before.has(id) ? before.rowOf(id) : Number.POSITIVE_INFINITY;
    return row < now.rowCount ? now.idOf(row) : -1;
  });
}
