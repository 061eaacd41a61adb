import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { nuid } from '@nats-io/transport-node';
import { TablecastError } from '../../../protocol/errors.ts';
import type { Commit } from '../../tables/commit.ts';
import type { TableStore } from '../../tables/table-store.ts';
import type { Log, LogEntry } from '../log.ts';
import type { LogServers } from '../log-servers.ts';
import { agreeOnEpoch, endEpoch } from './epoch-record.ts';
import { GroupAssembler } from './group-assembler.ts';
import { Lease } from './lease.ts';
import { type NatsLink, openNatsLink } from './nats-link.ts';
import { NatsStream } from './nats-stream.ts';
import { StreamLog } from './stream-log.ts';
import { StreamReader } from './stream-reader.ts';

export interface OpenNatsLogOptions {
  readonly servers: LogServers;
  /** Of the stream; buckets beside it begin with it. */
  readonly name: string;
  readonly replicas: number;
  /** Without tables; it is filled with what the log holds. */
  readonly store: TableStore;
  readonly fold: (entry: LogEntry) => Commit | null;
  readonly onFault: (error: unknown) => void;
  readonly giveUpMs?: number;
  readonly maxWaitingBytes?: number;
}

/** Where a gateway that leads ends, another does after so long at most. */
const LEASE_MS = 8000;

/**
 * Opens the log in a JetStream stream, makes it where it is new, and fills the store with what it holds.
 *
 * @throws TablecastError `log_unavailable`, `log_damaged`, `bad_parameter`
 */
export async function openNatsLog(options: OpenNatsLogOptions): Promise<Log> {
  const link = await openNatsLink(options.servers);
  try {
    return await openOn(link, options);
  } catch (error) {
    await link.close();
    throw asLogError(error);
  }
}

async function openOn(link: NatsLink, options: OpenNatsLogOptions): Promise<Log> {
  const { name, replicas, store, fold, onFault } = options;
  const client = jetstream(link.connection);
  const stream = new NatsStream({
    client,
    manager: await jetstreamManager(link.connection),
    name,
    replicas,
    maxPayloadBytes: link.connection.info?.max_payload ?? 1024 * 1024,
  });
  const { created, state } = await stream.ensure();
  const buckets = new Kvm(client);
  const meta = await buckets.create(name, { replicas, history: 1 });
  const leases = await buckets.create(`${name}_leases`, { replicas, history: 1, ttl: LEASE_MS });
  const epoch = await agreeOnEpoch(meta, { created, isEmpty: state.last_seq === 0 }, randomUUID);
  const sender = nuid.next();
  const assembler = new GroupAssembler();
  let isLive = false;
  let reader: StreamReader | null = null;
  let lease: Lease | null = null;
  const log = new StreamLog({
    epoch,
    stream: { append: (id, bytes) => stream.append(id, bytes), away: () => link.away() },
    sender,
    assembler,
    foldedSequence: 0,
    readFrom: 1,
    fold: (entry) => (isLive ? fold(entry) : store.apply(entry)),
    headOf: (table) => store.appliedHead(table),
    withdraw: (publication) => store.withdraw(publication),
    onFault,
    leads: () => lease?.isHeld ?? false,
    notReady: () => reader?.notReady ?? null,
    async closeStream() {
      await lease?.close();
      await reader?.close();
      await link.close();
    },
    ...(options.giveUpMs === undefined ? {} : { giveUpMs: options.giveUpMs }),
    ...(options.maxWaitingBytes === undefined ? {} : { maxWaitingBytes: options.maxWaitingBytes }),
  });
  reader = new StreamReader({
    log,
    stream,
    link,
    created,
    onFault,
    onCutBack: () => endEpochOf(meta, epoch),
  });
  await Promise.race([log.reached(state.last_seq), rejectionOf(log.lost)]);
  isLive = true;
  lease = new Lease({ bucket: leases, key: 'leader', holder: sender, ttlMs: LEASE_MS });
  return log;
}

function endEpochOf(meta: KV, epoch: string): Promise<void> {
  return endEpoch(meta, epoch, randomUUID);
}

async function rejectionOf(lost: Promise<TablecastError>): Promise<never> {
  throw await lost;
}

function asLogError(error: unknown): unknown {
  if (error instanceof TablecastError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new TablecastError('log_unavailable', `The log's servers cannot be used: ${reason}.`, {
    cause: error,
  });
}
