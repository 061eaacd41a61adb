import type { PreparedRecord } from '../log/log-record.ts';
import { PendingBytes } from '../log/pending-bytes.ts';

/**
 * What the first process sends a worker: the tables as they are when the worker begins, in records that end with
 * `begun`; then each entry as it is folded, and a `mark` for each byte that the worker has sent.
 */
const FRAME_KINDS = ['state', 'begun', 'entry', 'mark'] as const;
export type FrameKind = (typeof FRAME_KINDS)[number];

/** Before each frame: its bytes and its kind (32 bits each, little-endian). What follows begins at a multiple of 8. */
const PREFIX_BYTES = 8;
const NOTHING: PreparedRecord = { byteLength: 0, writeTo() {} };

export function feedFrame(kind: FrameKind, record: PreparedRecord = NOTHING): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES + record.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, record.byteLength, true);
  view.setUint32(4, FRAME_KINDS.indexOf(kind), true);
  record.writeTo(bytes.subarray(PREFIX_BYTES));
  return bytes;
}

/** Puts the frames of a feed together from its chunks. */
export class FeedFrames {
  readonly #pending = new PendingBytes();
  #open: { readonly byteLength: number; readonly kind: FrameKind } | null = null;

  /** Calls for each frame that is whole now, with a buffer of its own. */
  add(chunk: Uint8Array, take: (kind: FrameKind, bytes: Uint8Array<ArrayBuffer>) => void): void {
    this.#pending.push(chunk);
    for (;;) {
      const wanted: number = this.#open?.byteLength ?? PREFIX_BYTES;
      if (this.#pending.byteLength < wanted) return;
      const bytes = this.#pending.take(wanted);
      if (this.#open === null) {
        const view = new DataView(bytes.buffer);
        this.#open = { byteLength: view.getUint32(0, true), kind: FRAME_KINDS[view.getUint32(4, true)]! };
        continue;
      }
      const { kind } = this.#open;
      this.#open = null;
      take(kind, bytes);
    }
  }
}
