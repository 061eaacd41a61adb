import { typeName } from '../../protocol/arrow/data-type.ts';
import type { Op, Retention } from '../../protocol/header.ts';
import type { LastError, StoredTable } from '../tables/stored-table.ts';

/** What `GET /tables/NAME` says of a table. */
export interface TableInfo {
  readonly name: string;
  readonly epoch: string;
  /** The gateway's version. */
  readonly version: number;
  /** The version of the table's last change. */
  readonly changed: number;
  readonly rows: number;
  readonly bytes: number;
  readonly schema: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  readonly key: readonly string[] | null;
  /** The last publication's. */
  readonly op: Op;
  readonly retention: Retention | null;
  /** Publications that wait for `/update_data`. */
  readonly staged: number;
  readonly rows_per_s: number;
  readonly last_publication_ms: number;
  readonly last_error: LastError | null;
}

export function tableInfo(
  table: StoredTable,
  at: { readonly epoch: string; readonly version: number; readonly nowMs: number },
): TableInfo {
  const { live, stage, history } = table;
  const waiting = stage.at(-1);
  return {
    name: table.name,
    epoch: at.epoch,
    version: at.version,
    changed: history.changed,
    rows: live.rowCount,
    bytes: live.contentBytes,
    schema: live.fields.map((field) => ({
      name: field.name,
      type: typeName(field.type),
      nullable: field.nullable,
    })),
    key: live.key ?? (live.fields.length === 0 ? (waiting?.key ?? null) : null),
    op: waiting?.op ?? table.op,
    retention: table.retention,
    staged: stage.length,
    rows_per_s: Math.round(table.rate.perSecond(at.nowMs) * 10) / 10,
    last_publication_ms: waiting?.receivedAtMs ?? table.lastPublicationMs,
    last_error: table.lastError,
  };
}
