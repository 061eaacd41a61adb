import type { CommitScope } from './log/log.ts';
import type { TableStore } from './tables/table-store.ts';

const INTERVAL_MS = 1000;

/** Commits by itself where rows of idle tables have outlived their `max_age_ms`; held publications stay held. */
export function retentionClock(options: {
  readonly store: TableStore;
  readonly now: () => number;
  readonly commit: (scope: CommitScope) => Promise<unknown>;
}): { close(): void } {
  const timer = setInterval(() => {
    const tables = options.store.expired(options.now());
    if (tables.length > 0) void options.commit({ type: 'retention', tables });
  }, INTERVAL_MS);
  return { close: () => clearInterval(timer) };
}
