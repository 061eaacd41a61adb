/** Bytes that may wait for one viewer: a gateway's --max-queued-bytes. */
const maxQueuedBytes = 1024 * 1024;

/**
 * The viewers of one gateway: what each has, and how much waits on its line. Those who wait to be served stand in a queue,
 * each once.
 */
export class SimulatedViewers {
  /** The version that each has; -1: none, it takes a snapshot. */
  versions;
  /** Rows of its tables that each has been told of. */
  toldRows;
  count = 0;
  #groups;
  #isSlow;
  #freeAtMs;
  #queuedBytes;
  #due;
  #isDue;
  #firstDue = 0;
  #dueCount = 0;

  /** @param {{ capacity: number, groups: number, slowShare: number, random: () => number }} options */
  constructor({ capacity, groups, slowShare, random }) {
    this.versions = new Int32Array(capacity);
    this.toldRows = new Float64Array(capacity);
    this.#groups = groups;
    this.#isSlow = Uint8Array.from({ length: capacity }, () => (random() < slowShare ? 1 : 0));
    this.#freeAtMs = new Float64Array(capacity);
    this.#queuedBytes = new Float64Array(capacity);
    this.#due = new Int32Array(capacity);
    this.#isDue = new Uint8Array(capacity);
  }

  get dueCount() {
    return this.#dueCount;
  }

  /** @param {number} viewer */
  groupOf(viewer) {
    return viewer % this.#groups;
  }

  /** @param {number} viewer */
  isSlow(viewer) {
    return this.#isSlow[viewer] === 1;
  }

  /** @param {number} viewer to be served, after those who wait already */
  setDue(viewer) {
    if (this.#isDue[viewer] === 1) return;
    this.#isDue[viewer] = 1;
    this.#due[(this.#firstDue + this.#dueCount++) % this.#due.length] = viewer;
  }

  setAllDue() {
    for (let viewer = 0; viewer < this.count; viewer += 1) this.setDue(viewer);
  }

  /** @returns {number} who waits longest; -1 where nobody does */
  takeDue() {
    if (this.#dueCount === 0) return -1;
    const viewer = this.#due[this.#firstDue] ?? -1;
    this.#firstDue = (this.#firstDue + 1) % this.#due.length;
    this.#dueCount -= 1;
    this.#isDue[viewer] = 0;
    return viewer;
  }

  /** When its line has taken all, where it takes nothing more until then; 0 where it does. @param {number} viewer @param {number} nowMs */
  fullUntilMs(viewer, nowMs) {
    const freeAtMs = this.#freeAtMs[viewer] ?? 0;
    if (freeAtMs <= nowMs) this.#queuedBytes[viewer] = 0;
    return (this.#queuedBytes[viewer] ?? 0) >= maxQueuedBytes ? freeAtMs : 0;
  }

  /** @param {number} viewer @param {number} bytes @param {number} sentMs when they have left the gateway's network @param {number} lineBytesPerMs of a slow line */
  send(viewer, bytes, sentMs, lineBytesPerMs) {
    const onLineMs = this.isSlow(viewer) ? bytes / lineBytesPerMs : 0;
    this.#freeAtMs[viewer] = Math.max(this.#freeAtMs[viewer] ?? 0, sentMs) + onLineMs;
    this.#queuedBytes[viewer] = (this.#queuedBytes[viewer] ?? 0) + bytes;
  }
}
