const leastMs = 0.01;
/** Bins are 2 % apart, which is the error of a rank. */
const logOfStep = Math.log(1.02);
const binCount = 1100;

/** Delays from 10 µs to some hours, in bins. */
export class DelayHistogram {
  #bins = new Float64Array(binCount);
  #count = 0;

  get count() {
    return this.#count;
  }

  /** @param {number} ms */
  add(ms) {
    const bin = Math.floor(Math.log(Math.max(ms, leastMs) / leastMs) / logOfStep);
    const at = Math.min(bin, binCount - 1);
    this.#bins[at] = (this.#bins[at] ?? 0) + 1;
    this.#count += 1;
  }

  /** @param {number} rank from 0 to 1 @returns {number} milliseconds; NaN where nothing was added */
  rankMs(rank) {
    const wanted = rank * this.#count;
    let counted = 0;
    for (let bin = 0; bin < binCount; bin += 1) {
      counted += this.#bins[bin] ?? 0;
      if (counted >= wanted && counted > 0) return leastMs * Math.exp((bin + 0.5) * logOfStep);
    }
    return Number.NaN;
  }
}
