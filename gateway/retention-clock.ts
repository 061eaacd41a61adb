import type { CommitScope } from './log/log.ts';
import type { TableStore } from './tables/table-store.ts';

const INTERVAL_MS = 1000;

/** Commits by itself where rows of idle tables have outlived their `max_age_ms`; held publications stay held. */
export function retentionClock(options: {
  readonly store: TableStore;
  readonly now: () => number;
  readonly commit: (scope: CommitScope) => Promise<unknown>;
  /** Whether this gateway is the one of several that does so. */
  readonly leads: () => boolean;
}): { close(): void } {
  let isCommitting = false;
  const done = () => {
    isCommitting = false;
  };
  const timer = setInterval(() => {
    const tables = isCommitting || !options.leads() ? [] : options.store.expired(options.now());
    if (tables.length === 0) return;
    isCommitting = true;
    // What cannot be stored now is asked for again.
    options.commit({ type: 'retention', tables }).then(done, done);
  }, INTERVAL_MS);
  return { close: () => clearInterval(timer) };
}
