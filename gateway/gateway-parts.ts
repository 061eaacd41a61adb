import type { BodyConverter } from './bodies/body-converter.ts';
import type { ChartRenderer } from './charts/chart-renderer.ts';
import type { GatewayConfig } from './config.ts';
import type { DashboardStore } from './dashboards/dashboard-store.ts';
import type { Access } from './http/auth/access.ts';
import type { Idempotency } from './http/idempotency.ts';
import type { Intake } from './intake.ts';
import type { Broadcaster } from './live/broadcaster.ts';
import type { EventStreams } from './live/event-streams.ts';
import type { Receipts } from './live/receipts.ts';
import type { ProcessPlace } from './live/restart-delays.ts';
import type { VersionWaits } from './live/version-waits.ts';
import type { CommitScope, Log, OwnViewers } from './log/log.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { ViewerReadings } from './metrics/viewer-readings.ts';
import type { Rejections } from './rejections.ts';
import type { SequenceTracker } from './sequence/sequence-tracker.ts';
import type { Commit } from './tables/commit.ts';
import type { TableStore } from './tables/table-store.ts';
import type { Alerts } from './thresholds/alerts.ts';

/** What the routes of a worker have to do with the other processes of its gateway. */
export interface ProcessLink {
  /** Resolves once this process shows what the first one does now; null where it is that one. */
  readonly catchUp: (() => Promise<void>) | null;
  /** Which of the processes that serve viewers this is. */
  readonly place: ProcessPlace;
  /** Connected to other processes. */
  viewersElsewhere(): number;
  /** A viewer has come or gone. */
  onViewers(): void;
}

/** What the routes work with. */
export interface GatewayParts {
  readonly config: GatewayConfig;
  readonly access: Access;
  readonly store: TableStore;
  readonly log: Log;
  readonly intake: Intake;
  readonly sequence: SequenceTracker;
  readonly bodies: BodyConverter;
  readonly idempotency: Idempotency;
  readonly broadcaster: Broadcaster;
  readonly events: EventStreams;
  readonly receipts: Receipts;
  readonly rejections: Rejections;
  readonly metrics: Metrics;
  readonly charts: ChartRenderer;
  readonly versions: VersionWaits;
  /** Of this gateway, those of its workers included. */
  readonly viewers: OwnViewers;
  /** What is counted of this process's viewers. */
  readings(): ViewerReadings;
  readonly link: ProcessLink;
  readonly dashboards: DashboardStore;
  /** Tells of thresholds; null where nobody is to be told. */
  readonly alerts: Alerts | null;
  readonly now: () => number;
  /** Logs a commit and resolves once it is made and told to viewers. */
  commit(scope: CommitScope): Promise<Commit>;
}
