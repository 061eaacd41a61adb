/** In {@link RowChanges.renumbered}: the row is gone. */
export const GONE = 0xffffffff;

/** What happened to the rows of a table with a key, in terms of slots as they are numbered now. */
export interface RowChanges {
  /** Slots whose row was written; one may stand here more than once, and be free by now. */
  readonly written: Uint32Array;
  /** Slots that were freed; where slots were renumbered since, those before which the rows stood. */
  readonly freed: Uint32Array;
  /** By the number of a slot when changes were last taken its present one, or {@link GONE}; null if nothing was renumbered. */
  readonly renumbered: Uint32Array | null;
  /** More rows were written and freed than are remembered: those lists are empty. */
  readonly isLost: boolean;
}

/** Remembers what happened to the rows of a table with a key until it is taken, up to `maxRows` of them. */
export class RowTracker {
  readonly #maxRows: number;
  #written: Uint32Array = new Uint32Array(1024);
  #writtenCount = 0;
  #freed: number[] = [];
  #renumbered: Uint32Array | null = null;
  #isLost = false;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  wrote(slots: Int32Array): void {
    if (!this.#hasRoom(slots.length)) return;
    const end = this.#writtenCount + slots.length;
    if (end > this.#written.length) {
      const larger = new Uint32Array(Math.max(end, this.#written.length * 2));
      larger.set(this.#written);
      this.#written = larger;
    }
    this.#written.set(slots, this.#writtenCount);
    this.#writtenCount = end;
  }

  freed(slot: number): void {
    if (this.#hasRoom(1)) this.#freed.push(slot);
  }

  #hasRoom(count: number): boolean {
    if (this.#writtenCount + this.#freed.length + count > this.#maxRows) {
      this.#forgetRows();
      this.#isLost = true;
    }
    return !this.#isLost;
  }

  /** Slot `live[i]`, of `count` slots, becomes slot `i`; the others are gone. */
  renumber(live: Uint32Array, count: number): void {
    const renumbered = new Uint32Array(count).fill(GONE);
    live.forEach((slot, i) => {
      renumbered[slot] = i;
    });
    this.#freed = this.#freed.map((slot) => lowerBound(live, slot));
    const written = this.#written.subarray(0, this.#writtenCount);
    const left = written.map((slot) => renumbered[slot]!).filter((slot) => slot !== GONE);
    written.set(left);
    this.#writtenCount = left.length;
    const before = this.#renumbered;
    this.#renumbered =
      before === null ? renumbered : before.map((slot) => (slot === GONE ? GONE : renumbered[slot]!));
  }

  take(): RowChanges {
    const changes = {
      written: this.#written.slice(0, this.#writtenCount),
      freed: Uint32Array.from(this.#freed),
      renumbered: this.#renumbered,
      isLost: this.#isLost,
    };
    this.#forgetRows();
    this.#renumbered = null;
    this.#isLost = false;
    return changes;
  }

  #forgetRows(): void {
    this.#writtenCount = 0;
    if (this.#written.length > 1 << 16) this.#written = new Uint32Array(1024);
    this.#freed = [];
  }
}

/** How many of the sorted numbers are below the given one. */
function lowerBound(sorted: Uint32Array, number: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
