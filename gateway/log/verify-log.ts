import { toTablecastError } from '../../protocol/errors.ts';
import { LogDirectory } from './log-directory.ts';
import { readRecord } from './log-record.ts';
import type { RecordSeries, StoredLog } from './log-store.ts';

/** What a check of a data directory has found. */
export interface LogReport {
  readonly epoch: string | null;
  readonly snapshotRecords: number;
  readonly entries: number;
  readonly bytes: number;
  /** What is wrong, for people; null where nothing is. */
  readonly damage: string | null;
}

const PAGE_BYTES = 8 * 1024 * 1024;
const NOTHING = { epoch: null, snapshotRecords: 0, entries: 0, bytes: 0 };

/**
 * Reads every record of the snapshot and of the log, and changes nothing. A gateway may go on writing: what is checked is
 * the log as it was at the beginning.
 */
export async function verifyLog(path: string): Promise<LogReport> {
  let directory: LogDirectory;
  try {
    directory = new LogDirectory({ path, sync: 'always', isReadOnly: true });
  } catch (thrown) {
    return { ...NOTHING, damage: toTablecastError(thrown).message };
  }
  try {
    return verified(directory, directory.look());
  } catch (thrown) {
    return { ...NOTHING, damage: toTablecastError(thrown).message };
  } finally {
    await directory.close();
  }
}

function verified(directory: LogDirectory, stored: StoredLog | null): LogReport {
  if (stored === null) return { ...NOTHING, damage: 'There is no log here.' };
  const { epoch, snapshot } = stored;
  const state = snapshot === null ? null : count(directory, { type: 'snapshot', id: snapshot.id }, 0);
  const log = count(directory, { type: 'entries' }, snapshot?.nextEntry ?? 1);
  const missing =
    state !== null && state.damage === null && state.records !== snapshot?.records
      ? `The snapshot has ${state.records} of ${snapshot?.records} records.`
      : null;
  return {
    epoch,
    snapshotRecords: state?.records ?? 0,
    entries: log.records,
    bytes: (state?.bytes ?? 0) + log.bytes,
    damage: state?.damage ?? missing ?? log.damage,
  };
}

function count(
  directory: LogDirectory,
  series: RecordSeries,
  from: number,
): { records: number; bytes: number; damage: string | null } {
  let records = 0;
  let bytes = 0;
  try {
    for (;;) {
      const { buffer, spans } = directory.read(series, from + records, PAGE_BYTES);
      if (spans.length === 0) return { records, bytes, damage: null };
      for (const [start, end] of spans) {
        readRecord(buffer.subarray(start, end));
        records++;
        bytes += end - start;
      }
    }
  } catch (thrown) {
    return { records, bytes, damage: toTablecastError(thrown).message };
  }
}
