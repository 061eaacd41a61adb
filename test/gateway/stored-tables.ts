import type { StoreLimits } from '../../gateway/tables/table-store.ts';
import { TableStore } from '../../gateway/tables/table-store.ts';
import { fromValues, type Row } from '../../protocol/arrow/from-values.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { parseHeader } from '../../protocol/header.ts';

const LIMITS: StoreLimits = {
  history: { maxAgeMs: 60_000, maxBytes: 1 << 26 },
  maxTables: 100,
  maxStagedBytes: 1 << 30,
  maxMemoryBytes: 2 ** 33,
};

/** A table store to which rows are published at once, as by a producer with that header. */
export function createStore(): {
  readonly store: TableStore;
  publish(table: string, rows: readonly Row[], header?: object): void;
} {
  const store = new TableStore(LIMITS);
  return {
    store,
    publish(table, rows, header = {}) {
      const data = readIpc(fromValues(rows));
      const message = { byteLength: 1, receivedAtMs: 0, held: false };
      const publication = store.admit(table, parseHeader(header), data, message);
      store.apply({
        publications: [publication],
        commit: { timeMs: 1, scope: { type: 'stage', tables: [table] } },
      });
    },
  };
}
