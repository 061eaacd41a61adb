import { expect, test } from 'vitest';
import type { LogEntry } from '../../gateway/log/log.ts';
import { TableStore } from '../../gateway/tables/table-store.ts';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import type { Header } from '../../protocol/header.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';

const emptyStore = () =>
  new TableStore({
    history: { maxAgeMs: 60_000, maxBytes: 1 << 20 },
    maxTables: 10,
    maxStagedBytes: 1 << 20,
    maxMemoryBytes: 1 << 20,
  });

test('the same entries give the same tables in a store that did not admit them', () => {
  const first = emptyStore();
  const entries: LogEntry[] = [];
  const log = (entry: LogEntry) => {
    entries.push(entry);
    first.apply(entry);
  };
  const publish = (table: string, rows: Record<string, unknown>[], header: Header, shows = true) => {
    const message = { byteLength: 100, receivedAtMs: 1000, held: !shows };
    const publication = first.admit(table, header, readIpc(fromValues(rows)), message);
    const scope = { type: 'stage', tables: [table] } as const;
    log({ publications: [publication], commit: shows ? { scope, timeMs: 1000 + entries.length } : null });
  };
  publish('a', [{ k: 'x', n: 1 }], { key: ['k'], retention: { max_rows: 2 } });
  publish('a', [{ k: 'y', m: true }], {}, false);
  publish('a', [{ k: 'x' }], { op: 'delete' });
  publish('b', [{ n: 1 }], { op: 'append' });
  publish('gone', [{ n: 1 }], {});
  publish('nothing', [{ k: 1 }], { op: 'delete', key: ['k'] });
  log({ publications: [], commit: { scope: { type: 'drop', table: 'gone' }, timeMs: 2000 } });
  publish('b', [{ n: 2 }], { op: 'append' }, false);
  log({ publications: [], commit: { scope: { type: 'all' }, timeMs: 3000 } });

  const second = emptyStore();
  for (const entry of entries) second.apply(entry);
  const state = (store: TableStore) => ({
    version: store.version,
    tables: [...store.tables.values()].map(({ name, live, stage }) => [
      name,
      contentHash(live),
      stage.length,
    ]),
  });
  expect(state(second)).toEqual(state(first));
  expect(state(first).tables.map(([name]) => name)).toEqual(['a', 'b']);
});
