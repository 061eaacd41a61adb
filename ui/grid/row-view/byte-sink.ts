/** Bytes that are written one after another, and then read until {@link clear}. */
export class ByteSink {
  bytes: Uint8Array = new Uint8Array(256);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  push(byte: number): void {
    if (this.length === this.bytes.length) this.#grow();
    this.bytes[this.length++] = byte;
  }

  #grow(): void {
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
