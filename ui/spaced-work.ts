import type { Clock } from './connection.ts';

export interface SpacedWorkOptions {
  readonly clock: Clock;
  readonly gapMs: number;
  readonly work: () => void;
}

/** Work that is done soon after it was asked for, never within the asking, and at most once in each gap however often it was. */
export class SpacedWork {
  readonly #options: SpacedWorkOptions;
  #nextAtMs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | null = null;

  constructor(options: SpacedWorkOptions) {
    this.#options = options;
  }

  ask(): void {
    if (this.#cancel !== null) return;
    const { clock, gapMs, work } = this.#options;
    this.#cancel = clock.after(Math.max(0, this.#nextAtMs - clock.nowMs()), () => {
      this.#cancel = null;
      this.#nextAtMs = clock.nowMs() + gapMs;
      work();
    });
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
