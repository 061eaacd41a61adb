import type { FileHandle } from 'node:fs/promises';

const TRACE_BYTES = 4096;

/**
 * The first and the last bytes of what was read, as they were when they were read: a file that has them at the same places still is
 * taken for the same file with more at its end.
 */
export class ReadTrace {
  readonly #head: Uint8Array;
  readonly #tail: Uint8Array;

  private constructor(head: Uint8Array, tail: Uint8Array) {
    this.#head = head;
    this.#tail = tail;
  }

  static readonly empty = new ReadTrace(new Uint8Array(0), new Uint8Array(0));

  /** With what was read next. */
  and(bytes: Uint8Array): ReadTrace {
    const head = Buffer.concat([this.#head, bytes.subarray(0, TRACE_BYTES - this.#head.length)]);
    const tail = Buffer.concat([this.#tail, bytes.subarray(-TRACE_BYTES)]).subarray(-TRACE_BYTES);
    return new ReadTrace(head, tail);
  }

  /** Whether the file's first `readBytes` begin and end alike. */
  async isIn(file: FileHandle, readBytes: number): Promise<boolean> {
    const isAt = async (bytes: Uint8Array, at: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes.length), 0, bytes.length, at);
      return bytesRead === bytes.length && buffer.equals(bytes);
    };
    return (await isAt(this.#head, 0)) && (await isAt(this.#tail, readBytes - this.#tail.length));
  }
}
