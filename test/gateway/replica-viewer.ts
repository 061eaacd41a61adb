import type { ChangeEncoder } from '../../gateway/live/change-encoder.ts';
import { frameCommit } from '../../gateway/live/commit-frames.ts';
import { NO_TABLES, type SubscriptionGroup, withTables } from '../../gateway/live/subscription-group.ts';
import type { TableStore } from '../../gateway/tables/table-store.ts';
import { parseServerMessage } from '../../protocol/server-message.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import { applyChange } from '../../protocol/table/replica-table.ts';

/** A viewer without a socket: it gets a commit's frames as bytes and applies them as any viewer does. */
export class ReplicaViewer {
  readonly tables = new Map<string, LiveTable>();
  readonly #store: TableStore;
  readonly #encoder: ChangeEncoder;
  readonly #group: SubscriptionGroup;
  version: number | null = null;
  /** Changes of the last commit. */
  changes = 0;

  constructor(store: TableStore, encoder: ChangeEncoder, names: '*' | readonly string[]) {
    this.#store = store;
    this.#encoder = encoder;
    this.#group = withTables(NO_TABLES, names);
  }

  wants(table: string): boolean {
    return this.#group.all || this.#group.names.has(table);
  }

  /** Brings the replica from its version to the store's; `tables` are those that can have changed, where that is known. */
  catchUp(tables?: readonly string[]): void {
    const since = this.version;
    const { chunks } = frameCommit(this.#store, this.#encoder, 'epoch', this.#group, {
      sinceOf: () => since,
      oldest: since,
      lists: false,
      ...(tables === undefined ? {} : { tables }),
    });
    const [text, ...binaries] = webSocketPayloads(Buffer.concat(chunks));
    const message = parseServerMessage(Buffer.from(text!).toString());
    if (message.type !== 'commit') throw new Error(`A ${message.type} came instead of a commit.`);
    const at = { version: message.version, timeMs: 0 };
    for (const change of message.changes)
      applyChange(this.tables, change, change.op === 'drop' ? null : binaries.shift()!, at);
    if (binaries.length > 0) throw new Error('More binary messages came than the commit says.');
    this.changes = message.changes.length;
    this.version = message.version;
  }
}

/** The payloads of unmasked WebSocket frames (RFC 6455, section 5.2). */
function webSocketPayloads(bytes: Buffer): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const short = bytes[at + 1]!;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    payloads.push(bytes.subarray(at + head, at + head + length));
    at += head + length;
  }
  return payloads;
}
