import { type IdArray, type IdIndex, type Kept, resized } from './id-index.ts';

const BLOCK_IDS = 512;
/** Blocks are filled so far when a list is made, so that the first insertions find room. */
const FILLED_IDS = 384;
const NO_BLOCK = 0xffffffff;

/** Below 0 where the row of the first id stands before that of the second. */
export type IdComparison = (a: number, b: number) => number;

interface Block {
  readonly ids: Uint32Array;
  count: number;
}

/**
 * Row ids in an order, in blocks of up to 512: inserting and removing cost a search and a block's width, the place of an id
 * and the id at a place a search among blocks. Which block an id is in is kept by id, so removing does not compare.
 */
export class BlockList implements IdArray {
  readonly #index: IdIndex;
  readonly #compare: IdComparison;
  readonly #blocks: (Block | undefined)[] = [];
  readonly #freeNumbers: number[] = [];
  /** Numbers of blocks, in order. */
  #order: number[] = [];
  /** By place in the order, how many ids stand before; by number, its place in the order. Made when needed. */
  #starts: Uint32Array | null = null;
  #places: Uint32Array = new Uint32Array(0);
  #blockOf: Uint32Array = new Uint32Array(0);
  #count = 0;
  /** Of the row inserted last, the rows next to it; -1 for none. */
  before = -1;
  after = -1;

  constructor(index: IdIndex, compare: IdComparison) {
    this.#index = index;
    this.#compare = compare;
    index.attach(this);
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#blockOf.byteLength + this.#order.length * BLOCK_IDS * 4;
  }

  has(id: number): boolean {
    return this.#blockOf[id & this.#index.mask] !== NO_BLOCK;
  }

  /** Appends ids that stand in order, after all others. */
  append(ids: Uint32Array): void {
    for (let start = 0; start < ids.length; start += FILLED_IDS) {
      const number = this.#newBlock();
      const part = ids.subarray(start, start + FILLED_IDS);
      this.#fill(number, part);
      this.#order.push(number);
    }
    this.#count += ids.length;
    this.#starts = null;
  }

  #newBlock(): number {
    const number = this.#freeNumbers.pop() ?? this.#blocks.length;
    this.#blocks[number] = { ids: new Uint32Array(BLOCK_IDS), count: 0 };
    return number;
  }

  #fill(number: number, ids: Uint32Array): void {
    const block = this.#blocks[number]!;
    block.ids.set(ids);
    block.count = ids.length;
    const { mask } = this.#index;
    for (let i = 0; i < ids.length; i++) this.#blockOf[ids[i]! & mask] = number;
  }

  insert(id: number): void {
    if (this.#order.length === 0) this.#order.push(this.#newBlock());
    let at = this.#placeOfBlock(id);
    if (this.#blocks[this.#order[at]!]!.count === BLOCK_IDS && this.#split(at, id)) at++;
    const number = this.#order[at]!;
    const block = this.#blocks[number]!;
    const place = this.#lowerBound(block, id);
    this.before = place > 0 ? block.ids[place - 1]! : this.#edge(at - 1, true);
    this.after = place < block.count ? block.ids[place]! : this.#edge(at + 1, false);
    block.ids.copyWithin(place + 1, place, block.count);
    block.ids[place] = id;
    block.count++;
    this.#blockOf[id & this.#index.mask] = number;
    this.#count++;
    this.#starts = null;
  }

  /** The place in the order of the last block that begins before the id's row, or of the first one. */
  #placeOfBlock(id: number): number {
    let low = 0;
    let high = this.#order.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const block = this.#blocks[this.#order[middle]!]!;
      if (this.#compare(block.ids[0]!, id) < 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #lowerBound(block: Block, id: number): number {
    const { ids } = block;
    let low = 0;
    let high = block.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(ids[middle]!, id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The last or first id of the block at that place in the order; -1 where there is none. */
  #edge(at: number, isLast: boolean): number {
    const block = this.#blocks[this.#order[at] ?? -1];
    if (block === undefined || block.count === 0) return -1;
    return block.ids[isLast ? block.count - 1 : 0]!;
  }

  /** Halves a full block; whether the id belongs to the upper half. */
  #split(at: number, id: number): boolean {
    const number = this.#order[at]!;
    const block = this.#blocks[number]!;
    const half = BLOCK_IDS / 2;
    const upper = this.#newBlock();
    this.#fill(upper, block.ids.subarray(half));
    block.count = half;
    this.#order.splice(at + 1, 0, upper);
    return this.#compare(this.#blocks[upper]!.ids[0]!, id) < 0;
  }

  /** Removes an id that is there. */
  remove(id: number): void {
    const at = id & this.#index.mask;
    const number = this.#blockOf[at]!;
    const block = this.#blocks[number]!;
    const place = block.ids.indexOf(id);
    block.ids.copyWithin(place, place + 1, block.count);
    block.count--;
    this.#blockOf[at] = NO_BLOCK;
    this.#count--;
    this.#starts = null;
    if (block.count < BLOCK_IDS / 8) this.#shrink(number);
  }

  /** Joins a small block with a neighbour that has room, or drops an empty one. */
  #shrink(number: number): void {
    const block = this.#blocks[number]!;
    const at = this.#order.indexOf(number);
    if (block.count > 0) {
      const before = this.#blocks[this.#order[at - 1] ?? -1];
      if (before === undefined || before.count + block.count > BLOCK_IDS / 2) return;
      const target = this.#order[at - 1]!;
      before.ids.set(block.ids.subarray(0, block.count), before.count);
      before.count += block.count;
      const { mask } = this.#index;
      for (let i = 0; i < block.count; i++) this.#blockOf[block.ids[i]! & mask] = target;
    }
    this.#order.splice(at, 1);
    this.#blocks[number] = undefined;
    this.#freeNumbers.push(number);
  }

  /** The id at that place. */
  at(place: number): number {
    const starts = this.#findStarts();
    let low = 0;
    let high = this.#order.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return this.#blocks[this.#order[low]!]!.ids[place - starts[low]!]!;
  }

  /** The place of an id that is there. */
  placeOf(id: number): number {
    const starts = this.#findStarts();
    const number = this.#blockOf[id & this.#index.mask]!;
    return starts[this.#places[number]!]! + this.#blocks[number]!.ids.indexOf(id);
  }

  #findStarts(): Uint32Array {
    if (this.#starts !== null) return this.#starts;
    const starts = new Uint32Array(this.#order.length);
    if (this.#places.length < this.#blocks.length) this.#places = new Uint32Array(this.#blocks.length * 2);
    let before = 0;
    for (let i = 0; i < starts.length; i++) {
      const number = this.#order[i]!;
      starts[i] = before;
      this.#places[number] = i;
      before += this.#blocks[number]!.count;
    }
    this.#starts = starts;
    return starts;
  }

  /** The ids at places `start .. end`. */
  slice(start: number, end: number): Uint32Array {
    const ids = new Uint32Array(Math.max(0, Math.min(end, this.#count) - start));
    let before = 0;
    for (const number of this.#order) {
      const block = this.#blocks[number]!;
      const from = Math.max(0, start - before);
      const to = Math.min(block.count, start + ids.length - before);
      if (from < to) ids.set(block.ids.subarray(from, to), before + from - start);
      before += block.count;
      if (before >= start + ids.length) break;
    }
    return ids;
  }

  resize(capacity: number, kept?: Kept): void {
    this.#blockOf = resized(this.#blockOf, new Uint32Array(capacity).fill(NO_BLOCK), kept);
  }

  /** Every id in the list has a new number. */
  renumber(renumbered: Uint32Array): void {
    this.#blockOf.fill(NO_BLOCK);
    for (const number of this.#order) {
      const block = this.#blocks[number]!;
      for (let i = 0; i < block.count; i++) {
        const id = renumbered[block.ids[i]!]!;
        block.ids[i] = id;
        this.#blockOf[id] = number;
      }
    }
  }
}
