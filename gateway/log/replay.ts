import { TablecastError } from '../../protocol/errors.ts';
import { TableStateReader } from '../tables/table-state-reader.ts';
import type { TableStore } from '../tables/table-store.ts';
import { EntryReader } from './entry-codec.ts';
import { type LogRecord, readRecord } from './log-record.ts';
import type { LogStore, RecordSeries, StoredLog } from './log-store.ts';

/** What was found in a log. */
export interface Replayed {
  readonly nextEntry: number;
  /** Entries since the snapshot, and their bytes. */
  readonly entries: number;
  readonly bytes: number;
}

const PAGE_BYTES = 4 * 1024 * 1024;

/**
 * Fills a store without tables with what a log holds: the last snapshot, then the entries after it. The next page is read
 * while one is folded.
 *
 * @throws TablecastError `data_dir_damaged`
 */
export async function replay(log: LogStore, { snapshot }: StoredLog, store: TableStore): Promise<Replayed> {
  if (snapshot !== null) {
    const state = new TableStateReader(store);
    const series = { type: 'snapshot', id: snapshot.id } as const;
    const read = await readAll(log, series, 0, (record) => state.add(record));
    if (read.next !== snapshot.records) throw damaged(`snapshot record ${read.next}`, 'it is missing');
    state.end();
  }
  const first = snapshot?.nextEntry ?? 1;
  const entries = new EntryReader((table) => store.head(table));
  const read = await readAll(log, { type: 'entries' }, first, (record) => {
    store.apply(entries.read(record));
  });
  return { nextEntry: read.next, entries: read.next - first, bytes: read.bytes };
}

/** Calls for each record in turn; the number after the last one, and the bytes of all. */
async function readAll(
  log: LogStore,
  series: RecordSeries,
  from: number,
  take: (record: LogRecord) => void,
): Promise<{ next: number; bytes: number }> {
  let next = from;
  let bytes = 0;
  let reading = log.read(series, next, PAGE_BYTES);
  for (;;) {
    const { buffer, spans } = await reading;
    if (spans.length === 0) return { next, bytes };
    reading = log.read(series, next + spans.length, PAGE_BYTES);
    // Where this page cannot be taken nobody waits for the one after it.
    reading.catch(() => {});
    for (const [start, end] of spans) {
      takeOne(
        `${series.type === 'entries' ? 'entry' : 'snapshot record'} ${next}`,
        take,
        buffer.subarray(start, end),
      );
      next++;
      bytes += end - start;
    }
  }
}

function takeOne(what: string, take: (record: LogRecord) => void, bytes: Uint8Array): void {
  try {
    take(readRecord(bytes));
  } catch (cause) {
    throw damaged(what, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function damaged(what: string, reason: string, cause?: unknown): TablecastError {
  return new TablecastError('data_dir_damaged', `The log cannot be read at ${what}: ${reason}`, { cause });
}
