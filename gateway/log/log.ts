import type { TablecastError } from '../../protocol/errors.ts';
import type { Commit } from '../tables/commit.ts';
import type { Publication } from '../tables/publication.ts';

/** What a commit takes in. */
export type CommitScope =
  /** Every table's stage, and every table's retention. */
  | { readonly type: 'all' }
  /** These tables' stages. */
  | { readonly type: 'stage'; readonly tables: readonly string[] }
  /** Nothing staged: only rows that have grown too old go. */
  | { readonly type: 'retention'; readonly tables: readonly string[] }
  /** The table goes, its stage with it. */
  | { readonly type: 'drop'; readonly table: string };

/** One entry: publications that join their tables' stages, and the commit that follows them, if any. */
export interface LogEntry {
  readonly publications: readonly Publication[];
  /** The Arrow message of each publication as it came, for logs that store them; made anew where absent. */
  readonly messages?: readonly Uint8Array[];
  readonly commit: { readonly scope: CommitScope; readonly timeMs: number } | null;
}

/** The order of everything that happens to tables. An entry is first stored, then folded, in the order of appending. */
export interface Log {
  /** Versions compare only within an epoch: it names this one log. */
  readonly epoch: string;
  /** As much waits to be stored as may: whoever can wait does so, by {@link room}. */
  readonly isFull: boolean;
  /** Resolves once the log is not full, or closed. */
  room(): Promise<void>;
  /**
   * Exactly one of the two is called, in the order of appending: `folded` once the entry is stored and applied, with the
   * commit that it made; `failed` where it could not be stored, and has changed nothing. All that waits fails with it.
   */
  append(
    entry: LogEntry,
    folded?: (commit: Commit | null) => void,
    failed?: (error: TablecastError) => void,
  ): void;
  /** Resolves once all that was appended is stored and folded. */
  close(): Promise<void>;
}
