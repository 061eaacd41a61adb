import { TablecastError } from '../../protocol/errors.ts';

/** Bytes that come in chunks of any size, to be looked at before they are taken, and taken in pieces of any size. */
export class ChunkReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** What has come and is not taken. */
  #pending: Uint8Array = new Uint8Array(0);
  /** The chunk that was asked for and has not come; nobody waits for it while it is too slow. */
  #coming: Promise<IteratorResult<Uint8Array>> | null = null;
  #isEnded = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Whether bytes are here that nobody has to wait for. */
  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  /** What comes next, without taking it: as much as is enough, or all there is. */
  async peek(isEnough: (bytes: Uint8Array) => boolean): Promise<Uint8Array> {
    while (!isEnough(this.#pending) && (await this.#more(this.#pending))) {}
    return this.#pending;
  }

  /** The next chunk; null at the end, `'late'` where none has come in `maxDelayMs`. */
  async next(maxDelayMs: number | null = null): Promise<Uint8Array | 'late' | null> {
    if (this.#pending.length === 0 && !this.#isEnded) {
      const asked = this.#more(new Uint8Array(0));
      if (maxDelayMs === null) await asked;
      else if ((await firstOf(asked, maxDelayMs)) === 'late') return 'late';
    }
    if (this.#pending.length === 0) return null;
    const chunk = this.#pending;
    this.#pending = new Uint8Array(0);
    return chunk;
  }

  /** Fills the bytes given as far as there are any, and says how many there were. */
  async take(into: Uint8Array): Promise<number> {
    let at = 0;
    while (at < into.length) {
      const chunk = await this.next();
      if (chunk === null || chunk === 'late') break;
      const taken = Math.min(chunk.length, into.length - at);
      into.set(chunk.subarray(0, taken), at);
      at += taken;
      this.unread(chunk.subarray(taken));
    }
    return at;
  }

  /**
   * All that is left.
   *
   * @throws TablecastError `too_large`, with the advice given
   */
  async rest(maxBytes: number, advice: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let byteLength = 0;
    for (let chunk = await this.next(); chunk !== null && chunk !== 'late'; chunk = await this.next()) {
      chunks.push(chunk);
      byteLength += chunk.length;
      if (byteLength > maxBytes)
        throw new TablecastError('too_large', `The input has more than ${maxBytes} bytes; ${advice}.`);
    }
    return joined(chunks, byteLength);
  }

  /** Puts back what was not needed of a chunk, before another one is asked for. */
  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#pending = bytes;
  }

  /** Ends the source too. */
  async close(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    await this.#chunks.return?.();
  }

  async #more(before: Uint8Array): Promise<boolean> {
    if (this.#isEnded) return false;
    this.#coming ??= this.#chunks.next();
    const coming = this.#coming;
    const { done, value } = await coming;
    // Somebody who waited for the same chunk has it.
    if (this.#coming !== coming) return !this.#isEnded;
    this.#coming = null;
    if (done === true) this.#isEnded = true;
    else this.#pending = before.length === 0 ? value : joined([before, value], before.length + value.length);
    return done !== true;
  }
}

export function joined(parts: readonly Uint8Array[], byteLength: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(byteLength);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function firstOf(work: Promise<unknown>, delayMs: number): Promise<'late' | 'here'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), delayMs);
  });
  try {
    return await Promise.race([work.then(() => 'here' as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
