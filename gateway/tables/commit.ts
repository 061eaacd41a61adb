/** What one commit did. */
export interface Commit {
  readonly version: number;
  readonly timeMs: number;
  /** Tables that it changed, dropped ones included. */
  readonly tables: readonly string[];
  /** Rows of the publications that it made visible. */
  readonly rows: number;
}
