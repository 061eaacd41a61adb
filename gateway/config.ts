import { LIMITS } from '../protocol/limits.ts';
import type { CommitMode } from './intake.ts';
import type { SyncMode } from './log/log-store.ts';

/** Everything that can be set, read once from flags and environment. */
export interface GatewayConfig {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Processes that serve viewers; 1 for this one alone. */
  readonly workers: number;
  readonly connect: readonly string[];
  readonly bind: readonly string[];
  readonly pull: readonly string[];
  readonly commit: CommitMode;
  /** Where the log is kept; null for memory alone. */
  readonly dataDir: string | null;
  /** When what is stored there counts as stored. */
  readonly sync: SyncMode;
  /** The log there grows by so many bytes at least between snapshots of all tables. */
  readonly snapshotBytes: number;
  /** NATS servers of a log that several gateways share; null for one of this gateway alone. */
  readonly log: string | null;
  /** The JetStream stream of that log. */
  readonly logStream: string;
  /** How many servers keep each entry of it. */
  readonly logReplicas: number;
  readonly logCreds: string | null;
  readonly logTlsCa: string | null;
  readonly logTlsCert: string | null;
  readonly logTlsKey: string | null;
  readonly maxMessageBytes: number;
  readonly maxStagedBytes: number;
  readonly maxMemoryBytes: number;
  /** Bytes and age of the changes per table that viewers can resume from. */
  readonly historyBytes: number;
  readonly historyMs: number;
  /** Bytes that may wait for one viewer, shared frames apart. */
  readonly maxQueuedBytes: number;
  readonly maxViewers: number;
  /** Requests that write, per client address; 0 for no limit, null for the default of the address it listens on. */
  readonly maxRequestsPerSecond: number | null;
  /** Who may write, and read too; null for everybody. */
  readonly writeToken: string | null;
  /** Who may read; null for everybody. */
  readonly viewToken: string | null;
  /** Origins of other sites whose pages may call; `*` for any. */
  readonly allowOrigin: readonly string[];
  /** Origins of sites that may show the page in a frame; `*` for any. */
  readonly allowFrame: readonly string[];
  /** Addresses of proxies whose X-Forwarded headers are believed. */
  readonly trustProxy: readonly string[];
  /** Where everything is under: without a slash at its end, empty for the root. */
  readonly basePath: string;
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  readonly curveSecretKeyFile: string | null;
  readonly curveAllowedKeys: string | null;
  /** Public key of the producers that `connect` names. */
  readonly curveProducerKey: string | null;
  /** Who is told of thresholds: an http or https URL; null for nobody. */
  readonly webhook: string | null;
  readonly logLevel: LogLevel;
  readonly insecure: boolean;
}

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const DEFAULT_ADDRESSES = {
  connect: ['tcp://127.0.0.1:5411'],
  bind: ['tcp://127.0.0.1:5412'],
  pull: ['tcp://127.0.0.1:5413'],
} as const;

export const DEFAULT_CONFIG: GatewayConfig = {
  host: '127.0.0.1',
  port: 8080,
  workers: 1,
  ...DEFAULT_ADDRESSES,
  commit: 'auto',
  dataDir: null,
  sync: 'always',
  snapshotBytes: 256 * 1024 * 1024,
  log: null,
  logStream: 'tablecast',
  logReplicas: 1,
  logCreds: null,
  logTlsCa: null,
  logTlsCert: null,
  logTlsKey: null,
  maxMessageBytes: LIMITS.maxMessageBytes,
  maxStagedBytes: LIMITS.maxStagedBytes,
  maxMemoryBytes: LIMITS.maxMemoryBytes,
  historyBytes: 64 * 1024 * 1024,
  historyMs: 60_000,
  maxQueuedBytes: 1024 * 1024,
  maxViewers: LIMITS.maxViewers,
  maxRequestsPerSecond: null,
  writeToken: null,
  viewToken: null,
  allowOrigin: [],
  allowFrame: [],
  trustProxy: [],
  basePath: '',
  tlsCert: null,
  tlsKey: null,
  curveSecretKeyFile: null,
  curveAllowedKeys: null,
  curveProducerKey: null,
  webhook: null,
  logLevel: 'warn',
  insecure: false,
};
