/** Chunks that are taken from in other sizes. */
export class PendingBytes {
  #chunks: Uint8Array[] = [];
  #byteLength = 0;

  get byteLength(): number {
    return this.#byteLength;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#byteLength += chunk.length;
  }

  /** As many bytes, in a buffer of their own. */
  take(byteLength: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(byteLength);
    let at = 0;
    let used = 0;
    while (at < byteLength) {
      const chunk = this.#chunks[used]!;
      const part = chunk.subarray(0, byteLength - at);
      bytes.set(part, at);
      at += part.length;
      if (part.length === chunk.length) used++;
      else this.#chunks[used] = chunk.subarray(part.length);
    }
    this.#chunks.splice(0, used);
    this.#byteLength -= byteLength;
    return bytes;
  }
}
