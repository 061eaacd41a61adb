import { TablecastError } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { ChunkReader } from './chunk-reader.ts';

export interface ByteWindowOptions {
  readonly input: ChunkReader;
  /** Grows where one row is longer. */
  readonly capacityBytes: number;
  /** How long the window waits to be filled once something is in it; `null` for an input that does not let wait. */
  readonly maxDelayMs: number | null;
  /** Where the input begins in its file. */
  readonly startBytes?: number;
}

/** A part of an input in one piece, which moves on by what was used of it. */
export class ByteWindow {
  /** Stands until {@link advance}. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Whether nothing follows the window. */
  isLast = false;
  /** Of the input, before the window. */
  bytesBefore: number;
  readonly #options: ByteWindowOptions;
  #buffer: Uint8Array;

  constructor(options: ByteWindowOptions) {
    this.#options = options;
    this.#buffer = new Uint8Array(options.capacityBytes);
    this.bytesBefore = options.startBytes ?? 0;
  }

  /**
   * Drops the first `usedBytes` and reads on: until the window is full, the input ends, or it lets wait.
   *
   * @throws TablecastError `too_large` where one row has more bytes than a publication may have
   */
  async advance(usedBytes: number): Promise<void> {
    const restBytes = this.bytes.length - usedBytes;
    const buffer = this.#bufferFor(restBytes);
    buffer.set(this.bytes.subarray(usedBytes));
    this.#buffer = buffer;
    this.bytesBefore += usedBytes;
    let end = restBytes;
    const { input, maxDelayMs } = this.#options;
    while (end < buffer.length) {
      const chunk = await input.next(end > restBytes ? maxDelayMs : null);
      if (chunk === 'late') break;
      if (chunk === null) {
        this.isLast = true;
        break;
      }
      const taken = Math.min(chunk.length, buffer.length - end);
      buffer.set(chunk.subarray(0, taken), end);
      end += taken;
      input.unread(chunk.subarray(taken));
    }
    this.bytes = buffer.subarray(0, end);
  }

  #bufferFor(restBytes: number): Uint8Array {
    if (restBytes <= this.#buffer.length / 2) return this.#buffer;
    const capacityBytes = this.#buffer.length * 2;
    if (capacityBytes > LIMITS.maxMessageBytes) {
      throw new TablecastError(
        'too_large',
        `The row that begins at byte ${this.bytesBefore} does not end within ${restBytes} bytes; perhaps a quote is not closed.`,
      );
    }
    return new Uint8Array(capacityBytes);
  }
}
