export interface RateLimitOptions {
  readonly intervalMs: number;
  readonly run: (key: string) => void;
  readonly nowMs: () => number;
}

/**
 * At most one run per key and interval. A request inside the interval runs once at its end, so that whoever asked last is
 * answered too.
 */
export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #lastMs = new Map<string, number>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  request(key: string): void {
    if (this.#waiting.has(key)) return;
    const { intervalMs, nowMs } = this.#options;
    const waitMs = (this.#lastMs.get(key) ?? Number.NEGATIVE_INFINITY) + intervalMs - nowMs();
    if (waitMs <= 0) this.#run(key);
    else
      this.#waiting.set(
        key,
        setTimeout(() => this.#run(key), waitMs),
      );
  }

  close(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #run(key: string): void {
    this.#waiting.delete(key);
    this.#lastMs.set(key, this.#options.nowMs());
    this.#options.run(key);
  }
}
