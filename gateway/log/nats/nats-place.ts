import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { Objm } from '@nats-io/obj';
import { TablecastError } from '../../../protocol/errors.ts';
import { agreeOnEpoch } from './epoch-record.ts';
import type { NatsLink } from './nats-link.ts';
import { NatsStream } from './nats-stream.ts';
import { SnapshotStore } from './snapshot-store.ts';

export interface PlaceOptions {
  /** Of the stream; buckets beside it begin with it. */
  readonly name: string;
  readonly replicas: number;
  /** Of a log that is new. */
  readonly createEpoch: () => string;
}

/** Where a gateway that leads ends, another does after so long at most. */
export const LEASE_MS = 8000;
/** Of servers that do not say. */
const DEFAULT_PAYLOAD_BYTES = 1024 * 1024;

/** The stream and the buckets beside it, made where they are missing. */
export async function openPlace(link: NatsLink, { name, replicas, createEpoch }: PlaceOptions) {
  const { connection } = link;
  const client = jetstream(connection);
  const manager = await jetstreamManager(connection);
  const maxPayloadBytes = connection.info?.max_payload ?? DEFAULT_PAYLOAD_BYTES;
  const stream = new NatsStream({ client, manager, name, replicas, maxPayloadBytes });
  const { created, state } = await stream.ensure();
  const buckets = new Kvm(client);
  // Read from the server that leads: another one may be behind.
  const meta = await buckets.create(name, { replicas, history: 1, allow_direct: false });
  const leases = await buckets.create(`${name}_leases`, {
    replicas,
    history: 1,
    ttl: LEASE_MS,
    allow_direct: false,
  });
  const objects = await new Objm(client).create(`${name}_snapshots`, { replicas });
  const snapshots = new SnapshotStore({ objects, manager, name });
  const epoch = await agreeOnEpoch(meta, { created, isEmpty: state.last_seq === 0 }, createEpoch);
  return { stream, created, state, meta, leases, snapshots, epoch };
}

/** What the servers' library throws, with a code. */
export function asLogError(error: unknown): unknown {
  if (error instanceof TablecastError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new TablecastError('log_unavailable', `The log's servers cannot be used: ${reason}.`, {
    cause: error,
  });
}
