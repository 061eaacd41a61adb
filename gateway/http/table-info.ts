import { typeName } from '../../protocol/arrow/data-type.ts';
import type { TableSequence } from '../sequence/sequence-tracker.ts';
import type { StoredTable } from '../tables/stored-table.ts';
import type { TableInfo } from './schemas/table-schemas.ts';

export function tableInfo(
  table: StoredTable,
  { last, gaps, duplicates, missing, producer }: TableSequence,
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
    checked: last !== null,
    run: last?.run ?? null,
    seq: last?.seq ?? null,
    gaps,
    missing: missing.lost,
    missing_before: missing.before,
    duplicates,
    producer: producer === null ? null : producer.isLive ? ('live' as const) : ('silent' as const),
    producer_heard_ms: producer?.heardAtMs ?? null,
  };
}
