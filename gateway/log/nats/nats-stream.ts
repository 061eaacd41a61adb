import { setTimeout as delay } from 'node:timers/promises';
import {
  type Consumer,
  type ConsumerMessages,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from '@nats-io/jetstream';
import { headers, nanos } from '@nats-io/transport-node';
import { TablecastError } from '../../../protocol/errors.ts';
import type { GroupPart } from './group-assembler.ts';
import type { GroupHead, StreamMessage } from './log-stream.ts';

/** A part is stored once, however often it is sent within this time. */
const DUPLICATE_WINDOW_MS = 120_000;
/** Whoever reads one has it in one piece then, and large ones are put together with more and more copies of what has come. */
const MAX_PART_BYTES = 256 * 1024;
/** Of a message beside its payload. */
const HEADER_BYTES = 512;
const PARTS_AT_ONCE = 32;
/** Names the group that a message's group is folded after; absent where it waits for none. */
const AFTER_HEADER = 'Tablecast-After';
/** Sent again after so long: a server that ends while it stores does not answer. */
const STORE_MS = 2500;
/** Pull requests last so long. */
const PULL_MS = 4000;
/** Of a consumer; one that missed two of them is dead. The least that the servers allow. */
const HEARTBEAT_MS = 500;
/** So many may wait to be folded. Those of earlier releases have up to a mebibyte. */
const PULLED_MESSAGES = 64;
/** A consumer that nobody reads from is removed after so long. */
const ABANDONED_MS = 60_000;
/**
 * Servers put a consumer on any of the stream's, also on one that has just ended (nats-server 2.9, `createGroupForConsumer`), and then
 * nobody answers. So another one is asked for after so long, and the first that comes is taken.
 */
const NEXT_CONSUMER_MS = 1000;
const MAX_ASKED = 8;

export interface NatsStreamOptions {
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly name: string;
  readonly replicas: number;
  /** Of the servers. */
  readonly maxPayloadBytes: number;
}

/** The JetStream stream that holds a log: groups in, messages out. */
export class NatsStream {
  readonly #options: NatsStreamOptions;
  readonly #subject: string;
  readonly #partBytes: number;

  constructor(options: NatsStreamOptions) {
    this.#options = options;
    this.#subject = `tablecast.log.${options.name}`;
    this.#partBytes = Math.min(options.maxPayloadBytes, MAX_PART_BYTES) - HEADER_BYTES;
  }

  /** Makes the stream where it is missing. @throws TablecastError `bad_parameter` where one of that name would lose entries */
  async ensure(): Promise<StreamInfo> {
    const { manager, name, replicas } = this.#options;
    const found = await this.find();
    if (found !== null) {
      const { retention, max_age, subjects } = found.config;
      if (retention === RetentionPolicy.Limits && max_age === 0 && subjects.includes(this.#subject))
        return found;
      throw new TablecastError(
        'bad_parameter',
        `The stream ${name} is no log of Tablecast: it has to keep ${this.#subject} by limits and without an age; name another with --log-stream.`,
      );
    }
    return manager.streams.add({
      name,
      subjects: [this.#subject],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.New,
      storage: StorageType.File,
      num_replicas: replicas,
      duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    });
  }

  /** null where there is no such stream. */
  async find(): Promise<StreamInfo | null> {
    try {
      return await this.info();
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return null;
      throw error;
    }
  }

  info(): Promise<StreamInfo> {
    return this.#options.manager.streams.info(this.#options.name);
  }

  /** As {@link LogStream.append}. A message has a limit, so a large group is stored in parts. */
  async append(head: GroupHead, bytes: Uint8Array): Promise<void> {
    const parts = Math.max(1, Math.ceil(bytes.length / this.#partBytes));
    for (let first = 0; first < parts; first += PARTS_AT_ONCE) {
      const numbers = Array.from({ length: Math.min(PARTS_AT_ONCE, parts - first) }, (_, i) => first + i);
      await Promise.all(numbers.map((part) => this.#store(head, part, parts, bytes)));
    }
  }

  /**
   * The stream's last message, for certain: appends one that means nothing to anybody, and looks where it stands. What a server that leads
   * tells of its stream may be late, and less than others have read already.
   */
  async certainLast(): Promise<number> {
    const { client, name } = this.#options;
    const sent = { expect: { streamName: name }, timeout: STORE_MS };
    const { seq } = await client.publish(this.#subject, new Uint8Array(0), sent);
    return seq - 1;
  }

  async #store(head: GroupHead, part: number, parts: number, bytes: Uint8Array): Promise<void> {
    const { sender, group, after } = head;
    const payload = bytes.subarray(part * this.#partBytes, (part + 1) * this.#partBytes);
    const msgID = `${sender}.${group}.${part}.${parts}`;
    const sent = { msgID, expect: { streamName: this.#options.name }, timeout: STORE_MS };
    const more = after === 0 ? null : headers();
    more?.set(AFTER_HEADER, String(after));
    try {
      await this.#options.client.publish(this.#subject, payload, { ...sent, ...(more && { headers: more }) });
    } catch (thrown) {
      // The servers answered, and not that they are busy with themselves.
      if (!(thrown instanceof JetStreamApiError) || thrown.status === 503) throw thrown;
      throw new TablecastError('log_write_failed', `The log's servers do not take more: ${thrown.message}.`, {
        cause: thrown,
      });
    }
  }

  /** Messages from one on, and those to come; until `signal` says so, or the servers fall silent. */
  async read(
    from: number,
    take: (message: StreamMessage) => Promise<void> | void,
    signal: AbortSignal,
  ): Promise<void> {
    const consumer = await this.#makeConsumer(from, signal);
    if (consumer === null) return;
    const messages = await consumer.consume({
      max_messages: PULLED_MESSAGES,
      expires: PULL_MS,
      idle_heartbeat: HEARTBEAT_MS,
    });
    void stopOnceSilent(messages);
    const stop = () => messages.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      for await (const message of messages) await take(streamMessage(message));
    } finally {
      signal.removeEventListener('abort', stop);
      messages.stop();
    }
  }

  /** null where `signal` comes first. */
  async #makeConsumer(from: number, signal: AbortSignal): Promise<Consumer | null> {
    const asked: Promise<Consumer>[] = [];
    for (;;) {
      if (asked.length < MAX_ASKED) asked.push(this.#askConsumer(from));
      const pause = delay(NEXT_CONSUMER_MS, null, { ref: false, signal }).catch(() => null);
      const first = await Promise.race([firstOf(asked), pause]);
      if (first === null && !signal.aborted) continue;
      for (const each of asked)
        void each.then((other) => (other === first ? true : other.delete())).catch(() => {});
      return first;
    }
  }

  #askConsumer(from: number): Promise<Consumer> {
    const { client, name } = this.#options;
    return client.consumers.get(name, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      inactive_threshold: nanos(ABANDONED_MS),
    });
  }
}

/** The first that succeeds. @throws what the first of them throws, where none does */
async function firstOf<T>(all: readonly Promise<T>[]): Promise<T> {
  try {
    return await Promise.any(all);
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

/** A consumer lives on one server of a cluster; while that one is away, the library waits for it, however many others there are. */
async function stopOnceSilent(messages: ConsumerMessages): Promise<void> {
  for await (const { type } of messages.status()) if (type === 'heartbeats_missed') messages.stop();
}

function streamMessage(message: JsMsg): StreamMessage {
  const { streamSequence: sequence, pending } = message.info;
  return { sequence, pending, part: partOf(message, sequence) };
}

const PART_NAME = /^([A-Za-z0-9]{1,64})\.([1-9]\d{0,14})\.(\d{1,6})\.([1-9]\d{0,5})$/;

function partOf(message: JsMsg, sequence: number): GroupPart | null {
  const { headers: found } = message;
  const [, sender, group, part, parts] = PART_NAME.exec(found?.get('Nats-Msg-Id') ?? '') ?? [];
  if (sender === undefined) return null;
  return {
    sender,
    group: Number(group),
    after: Number(found?.get(AFTER_HEADER) ?? 0),
    part: Number(part),
    parts: Number(parts),
    bytes: message.data,
    sequence,
    timeMs: Number(message.info.timestampNanos) / 1e6,
  };
}
