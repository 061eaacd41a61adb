/**
 * Where the values that belong to row ids lie in typed arrays: id modulo a power of two, which is at least the number of
 * ids from the first to the last one in use. Arrays are others after {@link grow}.
 */
export class IdIndex {
  #mask = 1023;
  readonly #arrays: IdArray[] = [];

  get mask(): number {
    return this.#mask;
  }

  get capacity(): number {
    return this.#mask + 1;
  }

  /** An array's owner is to be told of every growth. */
  attach(array: IdArray): void {
    array.resize(this.capacity);
    this.#arrays.push(array);
  }

  /** Makes room for `span` ids; the values of those from `first` on, `count` of them, stay. */
  grow(span: number, first: number, count: number): void {
    if (span <= this.capacity) return;
    const before = this.#mask;
    while (this.capacity < span) this.#mask = this.#mask * 2 + 1;
    for (const array of this.#arrays) array.resize(this.capacity, { first, count, mask: before });
  }

  /** The value of id `i` is from now on that of id `renumbered[i]`, where it is one; new ids are never larger than old ones. */
  renumber(renumbered: Uint32Array): void {
    for (const array of this.#arrays) array.renumber(renumbered);
  }
}

export interface Kept {
  readonly first: number;
  readonly count: number;
  readonly mask: number;
}

/** Values by id. */
export interface IdArray {
  resize(capacity: number, kept?: Kept): void;
  renumber(renumbered: Uint32Array): void;
}

interface Values<T> {
  readonly length: number;
  [at: number]: T;
}

/** `from` with the room that `into` has, those in use where they belong. */
export function resized<T, A extends Values<T>>(from: Values<T>, into: A, kept: Kept | undefined): A {
  if (kept === undefined) return into;
  const mask = into.length - 1;
  for (let i = 0; i < kept.count; i++) {
    const id = kept.first + i;
    into[id & mask] = from[id & kept.mask]!;
  }
  return into;
}

/** Moves values to the ids' new numbers; what is not moved to is as it was. */
export function renumberValues<T>(values: Values<T>, renumbered: Uint32Array): void {
  const count = Math.min(values.length, renumbered.length);
  for (let id = 0; id < count; id++) {
    const to = renumbered[id]!;
    if (to < id) values[to] = values[id]!;
  }
}
