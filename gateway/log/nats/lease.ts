import type { KV } from '@nats-io/kv';

export interface LeaseOptions {
  /** Its values vanish by themselves after `ttlMs`. */
  readonly bucket: KV;
  readonly key: string;
  readonly holder: string;
  readonly ttlMs: number;
  /** Monotonic. */
  readonly nowMs?: () => number;
}

/**
 * One of many holds it at a time, and keeps it by renewing; where that one ends another has it after `ttlMs` at most. For a
 * moment two may believe to hold it, so what it guards has to bear that.
 */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #nowMs: () => number;
  readonly #timer: NodeJS.Timeout;
  #revision: number | null = null;
  #renewedAtMs = Number.NEGATIVE_INFINITY;
  #working: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#timer = setInterval(() => this.#start(), options.ttlMs / 4);
    this.#start();
  }

  get isHeld(): boolean {
    const isFresh = this.#nowMs() - this.#renewedAtMs < this.#options.ttlMs / 2;
    return !this.#isClosed && this.#revision !== null && isFresh;
  }

  #start(): void {
    this.#working ??= this.#renew().finally(() => {
      this.#working = null;
    });
  }

  /** What cannot be asked now is asked again. */
  async #renew(): Promise<void> {
    const { bucket, key, holder } = this.#options;
    const askedAtMs = this.#nowMs();
    try {
      this.#revision =
        this.#revision === null
          ? await bucket.create(key, holder)
          : await bucket.update(key, holder, this.#revision);
      this.#renewedAtMs = askedAtMs;
    } catch {
      this.#revision = null;
    }
  }

  /** Gives it back, so that another can have it at once. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#working;
    if (this.#revision === null) return;
    await this.#options.bucket.purge(this.#options.key, { previousSeq: this.#revision }).catch(() => {});
  }
}
