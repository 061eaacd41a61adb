export interface CadenceOptions {
  readonly intervalMs: number;
  /** From the start to the first run; the runs after it stand at whole intervals from the start. */
  readonly firstRunMs: number;
  /** The most of the time that runs may cost, 0 to 1: after a costly run, intervals are left out. */
  readonly maxDutyCycle: number;
  /** The longest pause that cost or failures make. */
  readonly maxPauseMs: number;
  /** Resolves to what the run cost, in milliseconds; waiting for others is no cost. */
  readonly run: () => Promise<number>;
  readonly onError: (error: unknown) => void;
}

/**
 * Runs one task again and again at whole intervals from the start, so that it never drifts. Runs never overlap: an interval that
 * begins while a run lasts is left out. A failing run is reported, and tried again later and later.
 */
export class Cadence {
  readonly #options: CadenceOptions;
  readonly #startMs = performance.now();
  #interval = 0;
  #failureCount = 0;
  #timer: NodeJS.Timeout;
  #closed = false;

  constructor(options: CadenceOptions) {
    this.#options = options;
    this.#timer = setTimeout(() => void this.#run(), options.firstRunMs);
  }

  /** Idempotent; a run that lasts is left to end by itself. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    const { run, onError } = this.#options;
    let costMs = 0;
    try {
      costMs = await run();
      this.#failureCount = 0;
    } catch (error) {
      this.#failureCount++;
      if (!this.#closed) onError(error);
    }
    if (!this.#closed) this.#schedule(costMs);
  }

  #schedule(costMs: number): void {
    const { intervalMs, maxDutyCycle, maxPauseMs } = this.#options;
    const retryMs = this.#failureCount === 0 ? 0 : intervalMs * 2 ** this.#failureCount;
    const pauseMs = Math.max(intervalMs, Math.min(maxPauseMs, Math.max(costMs / maxDutyCycle, retryMs)));
    const elapsedMs = performance.now() - this.#startMs;
    // A timer may fire a little early: never the same interval twice.
    this.#interval = Math.max(
      this.#interval + Math.ceil(pauseMs / intervalMs),
      Math.floor(elapsedMs / intervalMs) + 1,
    );
    this.#timer = setTimeout(() => void this.#run(), this.#interval * intervalMs - elapsedMs);
  }
}
