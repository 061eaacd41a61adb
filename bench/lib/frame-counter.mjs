const text = 0x1;
const binary = 0x2;
const close = 0x8;
const maxHeaderBytes = 10;

/**
 * Counts the WebSocket messages (unmasked, unfragmented, RFC 6455 section 5.2) in a stream of bytes, whichever way it is
 * cut, and looks at nothing of them but their headers.
 */
export class FrameCounter {
  texts = 0;
  binaries = 0;
  bytes = 0;
  hasClosed = false;
  #header = Buffer.alloc(maxHeaderBytes);
  #headerBytes = 0;
  #payloadLeft = 0;

  /** @param {Uint8Array} chunk @param {number} length of the bytes in it that count */
  add(chunk, length) {
    this.bytes += length;
    let at = Math.min(this.#payloadLeft, length);
    this.#payloadLeft -= at;
    while (at < length) {
      this.#header[this.#headerBytes++] = chunk[at++];
      const payload = this.#headerBytes < 2 ? -1 : this.#payloadLength();
      if (payload < 0) continue;
      this.#count(this.#header[0] & 0x0f);
      this.#headerBytes = 0;
      const here = Math.min(payload, length - at);
      at += here;
      this.#payloadLeft = payload - here;
    }
  }

  /** -1 while the header is not whole. */
  #payloadLength() {
    const short = this.#header[1] & 0x7f;
    if (short < 126) return short;
    if (short === 126) return this.#headerBytes < 4 ? -1 : this.#header.readUInt16BE(2);
    return this.#headerBytes < maxHeaderBytes ? -1 : this.#header.readUIntBE(4, 6);
  }

  /** @param {number} opcode */
  #count(opcode) {
    if (opcode === text) this.texts += 1;
    else if (opcode === binary) this.binaries += 1;
    else if (opcode === close) this.hasClosed = true;
  }
}
