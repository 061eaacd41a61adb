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
  readonly commit: { readonly scope: CommitScope; readonly timeMs: number } | null;
}

/** The order of everything that happens to tables. An entry is first stored, then folded, in the order of appending. */
export interface Log {
  /** Versions compare only within an epoch: it names this one log. */
  readonly epoch: string;
  /** `folded` is called once the entry is stored and applied, with the commit that it made. */
  append(entry: LogEntry, folded?: (commit: Commit | null) => void): void;
  close(): Promise<void>;
}
