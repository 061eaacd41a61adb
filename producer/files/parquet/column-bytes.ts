import type { ReadAt } from '../arrow-file.ts';

/** What is read at once, at least; a page's header is shorter nearly always. */
const WINDOW_BYTES = 256 * 1024;

/** The bytes of one column of a row group, read forward in pieces. */
export class ColumnBytes {
  readonly #readAt: ReadAt;
  readonly #end: number;
  #window: Uint8Array = new Uint8Array(0);
  /** Of the window, in the file. */
  #at: number;

  constructor(readAt: ReadAt, start: number, end: number) {
    this.#readAt = readAt;
    this.#at = start;
    this.#end = end;
  }

  get leftBytes(): number {
    return this.#end - this.#at;
  }

  /** The next `byteLength` bytes, or all that are left, without taking them. */
  async peek(byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.leftBytes);
    if (this.#window.length < wanted) {
      const readBytes = Math.min(Math.max(wanted, WINDOW_BYTES), this.leftBytes);
      this.#window = await this.#readAt(this.#at, readBytes);
    }
    return this.#window.subarray(0, wanted);
  }

  /** Moves on. */
  skip(byteLength: number): void {
    this.#window = this.#window.subarray(Math.min(byteLength, this.#window.length));
    this.#at += byteLength;
  }

  /** As much as is in memory, and more where that was not enough. */
  async peekMore(before: number): Promise<Uint8Array> {
    return this.peek(Math.max(this.#window.length, before === 0 ? WINDOW_BYTES / 4 : before * 4));
  }
}
