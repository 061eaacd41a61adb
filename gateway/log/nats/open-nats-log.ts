import { randomUUID } from 'node:crypto';
import type { KV } from '@nats-io/kv';
import { nuid } from '@nats-io/transport-node';
import type { TablecastError } from '../../../protocol/errors.ts';
import type { Commit } from '../../tables/commit.ts';
import { cutStore } from '../../tables/table-state.ts';
import { TableStateReader } from '../../tables/table-state-reader.ts';
import type { TableStore } from '../../tables/table-store.ts';
import type { Log, LogEntry } from '../log.ts';
import type { LogServers } from '../log-servers.ts';
import { agreeOnEpoch, endEpoch, presentEpoch } from './epoch-record.ts';
import { GroupAssembler } from './group-assembler.ts';
import { Lease } from './lease.ts';
import { type NatsLink, openNatsLink } from './nats-link.ts';
import { NatsPeers } from './nats-peers.ts';
import { asLogError, LEASE_MS, openPlace } from './nats-place.ts';
import type { NatsStream } from './nats-stream.ts';
import { NatsTexts } from './nats-texts.ts';
import { settledPlace } from './settled-place.ts';
import type { SharedSnapshot, SnapshotStore } from './snapshot-store.ts';
import { SnapshotTaker } from './snapshot-taker.ts';
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
  readonly onReplayed?: (replayed: object) => void;
  /** The log grows by so many bytes at least between snapshots. */
  readonly minLoggedBytes?: number;
  readonly giveUpMs?: number;
  /** Between attempts of whatever may succeed later. */
  readonly retryMs?: number;
  readonly maxWaitingBytes?: number;
}

const RETRY_MS = 500;
/** What a record of a snapshot holds, about. */
const SNAPSHOT_PIECE_BYTES = 1024 * 1024;

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
  const { name, store, fold, onFault, retryMs = RETRY_MS } = options;
  const open = () => openPlace(link, { ...options, createEpoch: randomUUID });
  const { place, snapshot, isCutBack } = await settledPlace({ open, retryMs });
  const { stream, created, meta, snapshots } = place;
  if (isCutBack) await beginEpochAnew(place, place.epoch, place.state.last_seq);
  const epoch = isCutBack ? await agreeOnEpoch(meta, { created, isEmpty: false }, randomUUID) : place.epoch;
  if (snapshot !== null) await restore(snapshots, snapshot, store);
  const sender = nuid.next();
  const assembler = new GroupAssembler(snapshot?.senders);
  const parts: Partial<{ reader: StreamReader; lease: Lease; isLive: true }> = {};
  const leads = () => parts.lease?.isHeld ?? false;
  const taker = new SnapshotTaker({
    snapshots,
    assembler,
    sender,
    leads,
    onFault,
    cut: () => cutStore(store, SNAPSHOT_PIECE_BYTES),
    last: snapshot,
    ...(options.minLoggedBytes === undefined ? {} : { minLoggedBytes: options.minLoggedBytes }),
  });
  const peers = new NatsPeers({ connection: link.connection, name, sender, onFault });
  const log = new StreamLog({
    ...options,
    epoch,
    stream: { append: (head, bytes) => stream.append(head, bytes), away: () => link.away() },
    sender,
    assembler,
    foldedSequence: snapshot?.foldedSequence ?? 0,
    readFrom: snapshot?.readFrom ?? 1,
    fold: (entry) => (parts.isLive ? fold(entry) : store.apply(entry)),
    headOf: (table) => store.appliedHead(table),
    isNews: (publication) => store.sequences.isNews(publication),
    onLeftOut({ refused, old }) {
      for (const { publication } of refused) store.sequences.applyRefused(publication);
      for (const publication of old) store.sequences.applyOld(publication);
    },
    withdraw: (publication) => store.withdraw(publication),
    onFolded: (sequence, byteLength) => taker.folded(sequence, byteLength),
    lastSequence: () => lastSequenceOf(stream),
    peers,
    texts: await NatsTexts.open(meta, 'dashboard', onFault),
    leads,
    notReady: () => parts.reader?.notReady ?? null,
    async closeStream() {
      peers.close();
      await taker.close();
      await parts.lease?.close();
      await parts.reader?.close();
      await link.close();
    },
  });
  const onCutBack = (lastSequence: number) => beginEpochAnew(place, epoch, lastSequence);
  parts.reader = new StreamReader({
    ...{ log, stream, link, created, retryMs, onFault, onCutBack },
    epochNow: () => presentEpoch(meta),
  });
  await Promise.race([log.reached(place.state.last_seq), rejectionOf(log.lost)]);
  parts.isLive = true;
  parts.lease = new Lease({ bucket: place.leases, key: 'leader', holder: sender, ttlMs: LEASE_MS });
  options.onReplayed?.({
    stream: name,
    epoch,
    messages: log.foldedSequence,
    snapshotBytes: snapshot?.bytes ?? 0,
  });
  return log;
}

/** The stream has lost messages that were folded: from here on its versions are others. */
async function beginEpochAnew(
  { meta, snapshots }: { readonly meta: KV; readonly snapshots: SnapshotStore },
  epoch: string,
  lastSequence: number,
): Promise<void> {
  await snapshots.cutBack(lastSequence);
  await endEpoch(meta, epoch, randomUUID);
}

async function lastSequenceOf(stream: NatsStream): Promise<number> {
  try {
    return (await stream.info()).state.last_seq;
  } catch (error) {
    throw asLogError(error);
  }
}

async function restore(snapshots: SnapshotStore, snapshot: SharedSnapshot, store: TableStore): Promise<void> {
  const state = new TableStateReader(store);
  await snapshots.load(snapshot, (record) => state.add(record));
  state.end();
}

async function rejectionOf(lost: Promise<TablecastError>): Promise<never> {
  throw await lost;
}
