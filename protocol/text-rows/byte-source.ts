const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const latin1 = new TextDecoder('latin1');

const WINDOW_BYTES = 256 * 1024;
/** Above this a text is decoded for itself. */
const MAX_SHORT_BYTES = 1024;

/** The bytes of a body, and texts of them: short ones are slices of one decoded window, which moves with the reader. */
export class ByteSource {
  readonly bytes: Uint8Array;
  #window = '';
  #windowStart = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** A UTF-8 text. */
  text(start: number, end: number): string {
    const { bytes } = this;
    for (let at = start; at < end; at++) {
      if (bytes[at]! >= 0x80) return utf8.decode(bytes.subarray(start, end));
    }
    return this.ascii(start, end);
  }

  /** A text that is known to be ASCII. */
  ascii(start: number, end: number): string {
    if (end - start > MAX_SHORT_BYTES) return latin1.decode(this.bytes.subarray(start, end));
    if (start < this.#windowStart || end > this.#windowStart + this.#window.length) {
      this.#windowStart = start;
      this.#window = windowText(this.bytes.subarray(start, start + WINDOW_BYTES));
    }
    return this.#window.slice(start - this.#windowStart, end - this.#windowStart);
  }
}

/**
 * A character for each byte, the same ones for ASCII. Engines decode ASCII several times as fast when they are told that it is UTF-8;
 * bytes beyond it are fewer characters then, but for a sequence that is cut off at the end.
 */
function windowText(bytes: Uint8Array): string {
  const text = utf8.decode(bytes);
  return text.length === bytes.length ? text : latin1.decode(bytes);
}
