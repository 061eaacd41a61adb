import type { FromValuesOptions } from '../protocol/arrow/from-values.ts';
import type { Header } from '../protocol/header.ts';

/** What the producer remembers of a table that it has published. */
export interface TableState {
  /** Of the last publication; 1, 2, 3 … within the run. */
  readonly seq: number;
  /** Header fields that stay as they are until another publication gives them anew. */
  readonly lasting: Header;
  /** The table whole, where the last publication was that; null where it was a change. */
  readonly whole: Uint8Array | null;
  readonly columns: FromValuesOptions;
}

/** The state after one more publication. */
export function nextState(
  before: TableState | undefined,
  publication: { header: Header; arrow: Uint8Array; columns: FromValuesOptions },
): TableState {
  const { header, arrow, columns } = publication;
  const { key, commit, retention, chart } = header;
  const lasting: Header = {
    ...before?.lasting,
    ...(key === undefined ? {} : { key }),
    ...(commit === undefined ? {} : { commit }),
    ...(retention === undefined ? {} : { retention }),
    ...(chart === undefined ? {} : { chart }),
  };
  // Without op and key a publication replaces the table.
  const isWhole = header.op === 'replace' || (header.op === undefined && lasting.key === undefined);
  return { seq: header.seq ?? (before?.seq ?? 0) + 1, lasting, whole: isWhole ? arrow : null, columns };
}
