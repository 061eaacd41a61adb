// What a simulated gateway did in each part of its time.
import { DelayHistogram } from './delay-histogram.mjs';

/** Nothing is counted before. */
const warmUpMs = 2000;

/** @typedef {'warmUp' | 'steady' | 'returning' | 'settled'} PhaseName a gateway dies between `steady` and `returning` */

/**
 * @typedef {object} PhaseFigures
 * @property {number} utilization share of the core in use
 * @property {number} gbit a second to viewers
 * @property {number} deliveriesPerSecond
 * @property {number} conflated share of the commits that reached viewers merged into a later one
 * @property {number} p50Ms from publishing, or from /update_data, to the network of a viewer whose line is not slow
 * @property {number} p99Ms
 */

class Phase {
  delays = new DelayHistogram();
  busyMs = 0;
  bytes = 0;
  deliveries = 0;
  commits = 0;

  /** @param {number} tookMs @returns {PhaseFigures} */
  figures(tookMs) {
    return {
      utilization: this.busyMs / tookMs,
      gbit: (this.bytes * 8) / (tookMs * 1e6),
      deliveriesPerSecond: (this.deliveries * 1000) / tookMs,
      conflated: this.commits === 0 ? 0 : Math.max(0, 1 - this.deliveries / this.commits),
      p50Ms: this.delays.rankMs(0.5),
      p99Ms: this.delays.rankMs(0.99),
    };
  }
}

export class Phases {
  /** @type {Record<PhaseName, Phase>} */
  #all = { warmUp: new Phase(), steady: new Phase(), returning: new Phase(), settled: new Phase() };
  #endMs;

  /** @param {number} endMs */
  constructor(endMs) {
    this.#endMs = endMs;
  }

  get deathMs() {
    return this.#endMs / 2;
  }

  get #settledMs() {
    return this.#endMs * 0.75;
  }

  /** @param {number} atMs */
  at(atMs) {
    if (atMs < warmUpMs) return this.#all.warmUp;
    if (atMs < this.deathMs) return this.#all.steady;
    return atMs < this.#settledMs ? this.#all.returning : this.#all.settled;
  }

  figures() {
    return {
      steady: this.#all.steady.figures(this.deathMs - warmUpMs),
      returning: this.#all.returning.figures(this.#settledMs - this.deathMs),
      settled: this.#all.settled.figures(this.#endMs - this.#settledMs),
    };
  }
}
