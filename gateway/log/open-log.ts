import type { Commit } from '../tables/commit.ts';
import { cutStore } from '../tables/table-state.ts';
import type { TableStore } from '../tables/table-store.ts';
import { prepareDirectory } from './data-file.ts';
import { lockDirectory } from './directory-lock.ts';
import { DurableLog } from './durable-log.ts';
import type { Log, LogEntry } from './log.ts';
import type { LogStore, SyncMode } from './log-store.ts';
import { createLogThread } from './log-thread.ts';
import { type Replayed, replay } from './replay.ts';
import { SnapshotWriter } from './snapshot-writer.ts';

export interface OpenLogOptions {
  readonly path: string;
  readonly sync: SyncMode;
  /** Without tables; it is filled with what the log holds. */
  readonly store: TableStore;
  readonly fold: (entry: LogEntry) => Commit | null;
  readonly onFault: (error: unknown) => void;
  readonly onReplayed?: (replayed: Replayed) => void;
  /** The log in a thread where absent. */
  readonly createStore?: (options: { readonly path: string; readonly sync: SyncMode }) => LogStore;
  readonly maxWaitingBytes?: number;
  /** The log grows by so many bytes at least between snapshots. */
  readonly minLoggedBytes?: number;
}

/** What a record of a snapshot holds, about. */
const SNAPSHOT_PIECE_BYTES = 1024 * 1024;

/**
 * Opens the log of a data directory, and fills the store with what it holds.
 *
 * @throws TablecastError `bad_data_dir`, `data_dir_damaged`, `data_dir_in_use`
 */
export async function openLog(options: OpenLogOptions): Promise<Log> {
  const { path, sync, store, createStore = createLogThread, ...rest } = options;
  prepareDirectory(path);
  const lock = await lockDirectory(path);
  const directory = createStore({ path, sync });
  try {
    const stored = await directory.open();
    const replayed = await replay(directory, stored, store);
    rest.onReplayed?.(replayed);
    const snapshots = new SnapshotWriter({
      cut: () => cutStore(store, SNAPSHOT_PIECE_BYTES),
      last: stored.snapshot,
      lastId: stored.lastSnapshotId,
      nextEntry: replayed.nextEntry,
      loggedBytes: replayed.bytes,
      ...(rest.minLoggedBytes === undefined ? {} : { minLoggedBytes: rest.minLoggedBytes }),
    });
    return new DurableLog({
      epoch: stored.epoch,
      store: releasing(directory, lock),
      nextEntry: replayed.nextEntry,
      snapshots,
      fold: rest.fold,
      expect: (entry) => store.expect(entry),
      forgetExpected: () => store.forgetExpected(),
      onFault: rest.onFault,
      ...(rest.maxWaitingBytes === undefined ? {} : { maxWaitingBytes: rest.maxWaitingBytes }),
    });
  } catch (error) {
    await directory.close().catch(() => {});
    await lock.release();
    throw error;
  }
}

/** The lock goes after the last write. */
function releasing(store: LogStore, lock: { release(): Promise<void> }): LogStore {
  return {
    ...store,
    async close() {
      try {
        await store.close();
      } finally {
        await lock.release();
      }
    },
  };
}
