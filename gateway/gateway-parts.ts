import type { GatewayConfig } from './config.ts';
import type { Intake } from './intake.ts';
import type { Broadcaster } from './live/broadcaster.ts';
import type { Receipts } from './live/receipts.ts';
import type { CommitScope, Log } from './log/log.ts';
import type { Rejections } from './rejections.ts';
import type { Commit } from './tables/commit.ts';
import type { TableStore } from './tables/table-store.ts';

/** What the routes work with. */
export interface GatewayParts {
  readonly config: GatewayConfig;
  readonly store: TableStore;
  readonly log: Log;
  readonly intake: Intake;
  readonly broadcaster: Broadcaster;
  readonly receipts: Receipts;
  readonly rejections: Rejections;
  readonly now: () => number;
  /** Logs a commit and resolves once it is made and told to viewers. */
  commit(scope: CommitScope): Promise<Commit>;
}
