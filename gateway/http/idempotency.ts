import { TablecastError } from '../../protocol/errors.ts';

export interface IdempotencyOptions {
  readonly maxKeys: number;
  readonly maxAgeMs: number;
  readonly now: () => number;
}

export interface Once<T> {
  readonly answer: T;
  /** Whether it is the answer to an earlier request. */
  readonly isReplayed: boolean;
}

interface Remembered {
  readonly fingerprint: string;
  readonly answer: Promise<unknown>;
  readonly atMs: number;
  isPending: boolean;
}

/**
 * The answers to requests with an `Idempotency-Key`, so that a retry is answered and not done again. The oldest are forgotten
 * first; requests that are being answered stay. What failed is not remembered.
 */
export class Idempotency {
  readonly #options: IdempotencyOptions;
  /** By key, the oldest first. */
  readonly #remembered = new Map<string, Remembered>();

  constructor(options: IdempotencyOptions) {
    this.#options = options;
  }

  /** Requests that are remembered or being answered. */
  get size(): number {
    return this.#remembered.size;
  }

  /**
   * Does the work, unless the same request was done already. One that comes while the first is being answered waits for it,
   * and is done itself if that fails.
   *
   * @param fingerprint equal for equal requests
   * @throws TablecastError `idempotency_conflict` where the key came with another request
   */
  async once<T>(key: string, fingerprint: string, work: () => Promise<T>): Promise<Once<T>> {
    this.#forget();
    for (let known = this.#remembered.get(key); known !== undefined; known = this.#remembered.get(key)) {
      if (known.fingerprint !== fingerprint) throw conflict(key);
      try {
        return { answer: (await known.answer) as T, isReplayed: true };
      } catch {
        // It is not remembered any more.
      }
    }
    return { answer: await this.#first(key, fingerprint, work), isReplayed: false };
  }

  #first<T>(key: string, fingerprint: string, work: () => Promise<T>): Promise<T> {
    const answer = work().then(
      (value) => {
        entry.isPending = false;
        return value;
      },
      (error: unknown) => {
        this.#remembered.delete(key);
        throw error;
      },
    );
    const entry: Remembered = { fingerprint, answer, atMs: this.#options.now(), isPending: true };
    this.#remembered.set(key, entry);
    return answer;
  }

  /** Those that are too old, and those that are too many with the one to come. */
  #forget(): void {
    const { maxKeys, maxAgeMs, now } = this.#options;
    const oldest = now() - maxAgeMs;
    for (const [key, { atMs, isPending }] of this.#remembered) {
      if (atMs > oldest && this.#remembered.size < maxKeys) return;
      if (!isPending) this.#remembered.delete(key);
    }
  }
}

function conflict(key: string): TablecastError {
  return new TablecastError(
    'idempotency_conflict',
    `The Idempotency-Key ${JSON.stringify(key.slice(0, 64))} came before with another body, table or parameter; use a new key.`,
  );
}
