import { randomUUID } from 'node:crypto';
import { type FromValuesOptions, fromValues, type Values } from '../protocol/arrow/from-values.ts';
import { HEARTBEAT_TOPIC } from '../protocol/control-topics.ts';
import { TablecastError } from '../protocol/errors.ts';
import { type Header, parseHeader } from '../protocol/header.ts';
import type { Heartbeat } from '../protocol/heartbeat.ts';
import { LIMITS } from '../protocol/limits.ts';
import { parseTableName } from '../protocol/table-name.ts';
import { type Addresses, list } from './bus-socket.ts';
import type { ProducerKeys } from './curve-socket.ts';
import { closedError, type Frames } from './lane.ts';
import { type Outlet, openPushOutlet, openXPubOutlet } from './outlet.ts';
import { RateLimit } from './rate-limit.ts';
import { nextState, type TableState } from './table-state.ts';

/** Rows, columns, a table or record batch of `apache-arrow`, or the bytes of an Arrow IPC stream or file. */
export type Data = Values | Uint8Array;

/** The header as callers give it: a single key column may stand alone. */
export type HeaderInput = Omit<Header, 'key'> & { readonly key?: string | readonly string[] };

export interface ProducerOptions {
  /** Where gateways connect to: XPUB that binds. */
  readonly bind?: Addresses;
  /** Gateways that bind a SUB socket: XPUB that connects. */
  readonly connect?: Addresses;
  /** Gateways' PULL sockets: waits where XPUB drops, and loses nothing while it connects. */
  readonly push?: Addresses;
  /** Encrypts, and lets only known peers in (CURVE); without it sockets are plain. */
  readonly keys?: ProducerKeys;
  /** A table's whole state at this moment, for gateways that come late; needed only for tables that are not replaced whole. */
  readonly snapshotOf?: (table: string) => Data | undefined;
  /** Failures that no caller of `publish` sees: an answer to a late joiner that could not be made or sent. */
  readonly onError?: (error: unknown) => void;
  /** Unix time in milliseconds. */
  readonly now?: () => number;
  readonly run?: string;
  readonly heartbeatIntervalMs?: number;
  /** How long the very first publication waits for a first subscriber of `bind` or `connect`; 0 = not at all. */
  readonly waitForSubscriberMs?: number;
  readonly maxQueuedMessages?: number;
  /** How long `close()` leaves ZeroMQ to send what it holds. */
  readonly lingerMs?: number;
}

export interface Producer {
  /** The id of this life of the producer: sequence numbers compare only within it. */
  readonly run: string;
  /** The addresses that are bound, with the port that was chosen where `*` was asked for. */
  readonly endpoints: readonly string[];
  /**
   * Publishes rows of a table; resolves when ZeroMQ has them. Calls are sent in their order.
   *
   * @throws TablecastError `bad_name`, `bad_header`, `unknown_op`, `type_mismatch`, `bad_value`, `too_large`, `slow_consumer`, `shutting_down`
   */
  publish(table: string, data: Data, header?: HeaderInput, columns?: FromValuesOptions): Promise<void>;
  /** Idempotent. What still waits to be sent is refused. */
  close(): Promise<void>;
}

const RESYNC_INTERVAL_MS = 200;

/**
 * A producer on the bus. It keeps the process alive until it is closed.
 *
 * @throws TablecastError `bad_parameter` where there is no address, or one cannot be used
 */
export function createProducer(options: ProducerOptions): Producer {
  return new BusProducer(options);
}

class BusProducer implements Producer {
  readonly run: string;
  readonly endpoints: readonly string[];
  readonly #options: ProducerOptions;
  readonly #now: () => number;
  readonly #tables = new Map<string, TableState>();
  /** Tables of which `snapshotOf` knew nothing when it was asked last. */
  readonly #unanswered = new Set<string>();
  readonly #resync: RateLimit;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #xpub: Outlet | null;
  readonly #push: Outlet | null;
  #closing: Promise<void> | null = null;

  constructor(options: ProducerOptions) {
    this.run = options.run ?? randomUUID();
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { bind = [], connect = [], push = [], lingerMs = 1_000, maxQueuedMessages = 1_000 } = options;
    const needsXPub = list(bind).length + list(connect).length > 0;
    const needsPush = list(push).length > 0;
    if (!needsXPub && !needsPush) {
      throw new TablecastError('bad_parameter', 'A producer needs an address: bind, connect or push.');
    }
    const waitForSubscriberMs = options.waitForSubscriberMs ?? 1_000;
    const onResync = (table: string | null) => this.#onResync(table);
    const shared = {
      lingerMs,
      maxQueuedMessages,
      ...(options.keys === undefined ? {} : { keys: options.keys }),
    };
    this.#push = needsPush ? openPushOutlet({ ...shared, push }) : null;
    try {
      this.#xpub = needsXPub
        ? openXPubOutlet({ ...shared, bind, connect, waitForSubscriberMs, onResync })
        : null;
    } catch (failure) {
      void this.#push?.close();
      throw failure;
    }
    this.endpoints = this.#xpub?.endpoints ?? [];
    this.#resync = new RateLimit({
      intervalMs: RESYNC_INTERVAL_MS,
      nowMs: () => performance.now(),
      run: (table) => this.#answer(table),
    });
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeatIntervalMs ?? 1_000);
  }

  async publish(
    table: string,
    data: Data,
    header: HeaderInput = {},
    columns: FromValuesOptions = {},
  ): Promise<void> {
    if (this.#closing !== null) throw closedError();
    const name = parseTableName(table);
    const given = parseHeader(header);
    const arrow = data instanceof Uint8Array ? data : fromValues(data, columns);
    const state = nextState(this.#tables.get(name), { header: given, arrow, columns });
    const sent = { sent_at_ms: this.#now(), run: this.run, seq: state.seq, ...given };
    const frames = this.#framesOf(name, sent, arrow);
    this.#tables.set(name, state);
    await Promise.all([this.#xpub?.lane.send(frames), this.#push?.lane.send(frames)]);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#resync.close();
    await Promise.all([this.#push?.close(), this.#xpub?.close()]);
  }

  #framesOf(table: string, header: Header, arrow: Uint8Array): Frames {
    const json = JSON.stringify(header);
    const byteLength = Buffer.byteLength(table) + Buffer.byteLength(json) + arrow.byteLength;
    if (byteLength > LIMITS.maxMessageBytes) {
      const detail = `A publication to ${table} has ${byteLength} bytes, the limit is ${LIMITS.maxMessageBytes}; send it in parts.`;
      throw new TablecastError('too_large', detail);
    }
    return [table, json, arrow];
  }

  #beat(): void {
    if (this.#tables.size === 0) return;
    const tables = Object.fromEntries(Array.from(this.#tables, ([name, { seq }]) => [name, seq]));
    const unknown = Array.from(this.#tables.keys()).filter((name) => !this.#mayAnswer(name));
    const heartbeat: Heartbeat = {
      run: this.run,
      tables,
      ...(unknown.length === 0 ? {} : { no_snapshot: unknown }),
    };
    const frames = [HEARTBEAT_TOPIC, JSON.stringify(heartbeat)];
    for (const outlet of [this.#xpub, this.#push]) {
      if (outlet?.isReady()) outlet.lane.send(frames).catch(() => {});
    }
  }

  /** Whether a request for the table's whole state is not in vain, as far as is known. */
  #mayAnswer(table: string): boolean {
    if (this.#xpub === null) return false;
    if (this.#tables.get(table)?.whole !== null) return true;
    return this.#options.snapshotOf !== undefined && !this.#unanswered.has(table);
  }

  #onResync(table: string | null): void {
    for (const name of table === null ? this.#tables.keys() : [table]) {
      if (this.#tables.has(name)) this.#resync.request(name);
    }
  }

  /** Sends the whole state of a table, as of its last sequence number, where it is known. */
  #answer(table: string): void {
    const state = this.#tables.get(table);
    if (state === undefined || this.#xpub === null) return;
    try {
      const data = this.#options.snapshotOf?.(table) ?? state.whole;
      if (data === null) this.#unanswered.add(table);
      else this.#unanswered.delete(table);
      if (data === null) return;
      const arrow = data instanceof Uint8Array ? data : fromValues(data, state.columns);
      const header: Header = {
        ...state.lasting,
        op: 'replace',
        snapshot: true,
        sent_at_ms: this.#now(),
        run: this.run,
        seq: state.seq,
      };
      this.#xpub.lane.send(this.#framesOf(table, header, arrow)).catch((error) => this.#report(error));
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    if (this.#closing === null) this.#options.onError?.(error);
  }
}
