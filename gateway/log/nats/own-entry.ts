import type { TablecastError } from '../../../protocol/errors.ts';
import type { Commit } from '../../tables/commit.ts';
import type { LogEntry, Refused } from '../log.ts';
import type { PreparedRecord } from '../log-record.ts';

/** An entry that this gateway appends, and who waits for it. */
export interface OwnEntry {
  readonly entry: LogEntry;
  readonly record: PreparedRecord;
  readonly folded: ((commit: Commit | null, refused: readonly Refused[]) => void) | undefined;
  readonly failed: ((error: TablecastError) => void) | undefined;
}
