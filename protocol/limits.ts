/** Every cap that both hops share, its unit in its name. What can be set by a flag is only a default here. */
export const LIMITS = {
  /** A table's name in UTF-8; it is also the ZeroMQ topic. */
  maxNameBytes: 128,
  /** The JSON header frame of a publication. */
  maxHeaderBytes: 1024 * 1024,
  /** One publication, all frames together; `--max-message-bytes`. */
  maxMessageBytes: 256 * 1024 * 1024,
  /** All stages together; `--max-staged-bytes`. */
  maxStagedBytes: 1024 * 1024 * 1024,
  /** All tables together; `--max-memory-bytes`. */
  maxMemoryBytes: 8 * 1024 * 1024 * 1024,
  maxTables: 10_000,
  /** Runs of producers that are remembered of one table, and of all tables together; the oldest are forgotten. */
  maxRunsPerTable: 1_000,
  maxPositions: 100_000,
  /** Producers whose heartbeats are followed; those silent for longest are forgotten. */
  maxProducers: 1_000,
  maxColumns: 10_000,
  maxNestingDepth: 64,
  /** What a publication may hold beyond its own bytes, once dictionaries, views and runs are written out. */
  maxExpandedBytes: 1024 * 1024 * 1024,
  maxKeyColumns: 32,
  /** An `Idempotency-Key`, how many of them are remembered, and for how long. */
  maxIdempotencyKeyBytes: 256,
  maxIdempotencyKeys: 10_000,
  maxIdempotencyAgeMs: 86_400_000,
  /** Rejected publications that `/rejections` lists; the oldest go first. */
  maxRejections: 100,
  /** One message from a viewer. */
  maxClientMessageBytes: 64 * 1024,
  /** Viewers at one time; `--max-viewers`. */
  maxViewers: 10_000,
  /** All headers of a request, its line included. */
  maxHttpHeaderBytes: 16 * 1024,
  /** Tables that one viewer may name in its subscriptions. */
  maxSubscriptions: 10_000,
  /** Commits that a viewer may ask to be sent beyond the last one that it has taken. */
  maxAhead: 1_000,
  /** Saved dashboards, and what one of them is as JSON. */
  maxDashboards: 100,
  maxDashboardBytes: 64 * 1024,
  /** Of one dashboard. */
  maxPanels: 50,
  maxThresholds: 32,
  /** Rows for which a threshold holds that are told apart at one time. */
  maxThresholdRows: 256,
  /** Calls of the webhook that may wait; the oldest go first. */
  maxWebhookCalls: 1000,
} as const;
