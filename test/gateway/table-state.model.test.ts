import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryReader, entryRecord } from '../../gateway/log/entry-codec.ts';
import { type LogRecord, prepareRecord, readRecord } from '../../gateway/log/log-record.ts';
import { changesSince } from '../../gateway/tables/table-changes.ts';
import { cutStore } from '../../gateway/tables/table-state.ts';
import { TableStateReader } from '../../gateway/tables/table-state-reader.ts';
import { TableStore } from '../../gateway/tables/table-store.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';
import { LiveTable } from '../../protocol/table/live-table.ts';
import { ModelGateway } from './model-gateway.ts';
import { histories, type Step } from './random-actions.ts';

const HISTORY = { maxAgeMs: 300, maxBytes: 20_000 };
const UNBOUNDED = { maxTables: 100, maxStagedBytes: 1e12, maxMemoryBytes: 1e12 };
const PIECE_BYTES = 400;

function stored(record: LogRecord): LogRecord {
  const prepared = prepareRecord(record);
  const bytes = new Uint8Array(prepared.byteLength);
  prepared.writeTo(bytes);
  return readRecord(bytes);
}

/** Another store that follows the first: begun from a cut of it, then by its entries as they are stored. */
class Follower {
  readonly store = new TableStore({ history: HISTORY, ...UNBOUNDED });
  readonly #entries = new EntryReader((table) => this.store.head(table));

  constructor(records: Iterable<LogRecord>) {
    const state = new TableStateReader(this.store);
    for (const record of records) state.add(stored(record));
    state.end();
  }

  take(record: LogRecord): void {
    this.store.apply(this.#entries.read(record));
  }
}

/** Everything that a viewer, a reader or a later entry can see of a store. */
function visible(store: TableStore) {
  return {
    version: store.version,
    stagedBytes: store.stagedBytes,
    dropped: store.droppedAfter(0),
    tables: [...store.tables.values()].map((table) => ({
      name: table.name,
      hash: contentHash(table.live),
      changed: table.history.changed,
      queue: table.live.queue,
      oldestMs: table.live.oldestTimeMs(),
      retention: table.retention,
      chart: table.chart,
      chartChanged: table.chartChanged,
      op: table.op,
      createdAtMs: table.createdAtMs,
      staged: table.stage.map(({ op, key, rowCount, byteLength }) => ({ op, key, rowCount, byteLength })),
      head: { key: store.head(table.name)?.key, fields: store.head(table.name)?.fields },
    })),
  };
}

/** What a viewer that comes back to each version is sent. */
function deltas(store: TableStore) {
  return [...store.tables.values()].map((table) =>
    Array.from({ length: Math.min(12, store.version + 1) }, (_, back) =>
      changesSince(table, store.version - back, Number.POSITIVE_INFINITY).map(
        ({ header, fields, batches }) => {
          const rows = new LiveTable('rows');
          rows.write({ op: 'replace', key: null, fields, batches }, { version: 1, timeMs: 1 });
          return { header, hash: contentHash(rows) };
        },
      ),
    ),
  );
}

function run(steps: readonly Step[]): void {
  const entries: LogRecord[] = [];
  const gateway = new ModelGateway({
    history: HISTORY,
    onCommit: () => {},
    onEntry: (entry) => entries.push(stored(entryRecord(entry))),
  });
  // One cut is read after the store has gone on, as a snapshot is.
  let pending: { readonly records: Iterable<LogRecord>; readonly from: number } | null = null;
  const followers = [new Follower([])];
  for (const step of steps) {
    const from = entries.length;
    gateway.take(step);
    if (pending !== null && step.luck % 3 === 0) {
      const follower = new Follower(pending.records);
      for (const entry of entries.slice(pending.from, from)) follower.take(entry);
      followers.push(follower);
      pending = null;
    }
    for (const follower of followers) for (const entry of entries.slice(from)) follower.take(entry);
    if (step.luck % 4 === 0)
      pending ??= { records: cutStore(gateway.store, PIECE_BYTES), from: entries.length };
  }
  for (const follower of followers) {
    expect(visible(follower.store)).toEqual(visible(gateway.store));
    expect(deltas(follower.store)).toEqual(deltas(gateway.store));
  }
}

test('a store that begins from a cut or the stored entries of another is the same in every respect', () => {
  fc.assert(fc.property(histories({ large: false, maxSteps: 60 }), run), { numRuns: 150 });
});

test('so it is with tables of many segments', () => {
  fc.assert(fc.property(histories({ large: true, maxSteps: 8 }), run), { numRuns: 8 });
});
