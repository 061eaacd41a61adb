const WINDOW_SECONDS = 10;

/** Rows per second over the last ten seconds, in one counter per second. */
export class RowRate {
  readonly #counts = new Float64Array(WINDOW_SECONDS);
  #second = 0;
  #firstSecond = 0;

  add(rows: number, nowMs: number): void {
    this.#advance(nowMs);
    this.#counts[this.#second % WINDOW_SECONDS]! += rows;
  }

  perSecond(nowMs: number): number {
    this.#advance(nowMs);
    const seconds = Math.min(WINDOW_SECONDS, Math.max(1, this.#second - this.#firstSecond + 1));
    return this.#counts.reduce((sum, count) => sum + count, 0) / seconds;
  }

  #advance(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    if (this.#firstSecond === 0) this.#firstSecond = second;
    const passed = Math.min(WINDOW_SECONDS, second - this.#second);
    for (let i = 1; i <= passed; i++) this.#counts[(second - passed + i) % WINDOW_SECONDS] = 0;
    if (second > this.#second) this.#second = second;
  }
}
