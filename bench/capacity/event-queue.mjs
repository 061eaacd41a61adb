/**
 * Events by their time, earliest first; of one time those that were added first come first. A binary heap.
 * @template Event
 */
export class EventQueue {
  /** @type {{ atMs: number, order: number, event: Event }[]} */
  #heap = [];
  #added = 0;

  get nextAtMs() {
    return this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  get size() {
    return this.#heap.length;
  }

  /** @param {number} atMs @param {Event} event */
  add(atMs, event) {
    const heap = this.#heap;
    const item = { atMs, order: this.#added++, event };
    let at = heap.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(item, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = item;
  }

  /** @returns {Event | undefined} */
  take() {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first?.event;
    let at = 0;
    for (;;) {
      const below = this.#earlierChild(at);
      const child = heap[below];
      if (child === undefined || !isBefore(child, last)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
    return first?.event;
  }

  /** @param {number} at */
  #earlierChild(at) {
    const [left, right] = [this.#heap[2 * at + 1], this.#heap[2 * at + 2]];
    return 2 * at + (left !== undefined && right !== undefined && isBefore(right, left) ? 2 : 1);
  }
}

/** @typedef {{ atMs: number, order: number }} Place */
/** @param {Place} a @param {Place} b */
function isBefore(a, b) {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
