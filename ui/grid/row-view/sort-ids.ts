import type { IdComparison } from './block-list.ts';
import type { SortKeys } from './sort-keys.ts';

/** Runs of equal keys shorter than this are sorted by comparing. */
const RADIX_IDS = 2048;
const INSERTION_IDS = 16;
/** Ids handled between two turns of others: about a millisecond. */
export const STEP_IDS = 1 << 15;
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** Digits of a 64-bit key, the last one being the lowest. */
const PASSES = 6;

/**
 * Sorts ids that stand in table order, by these keys and then table order. It is a radix sort of 64 bits of the keys at a
 * time, stable, and of the runs that have these in common by the next ones; it gives way every step.
 */
export function* sortIds(
  ids: Uint32Array,
  keys: readonly SortKeys[],
  mask: number,
  compare: IdComparison,
): Generator<void, void> {
  const [first] = keys;
  if (first === undefined || ids.length < 2) return;
  const sorter = new RadixSorter(ids, keys, mask, compare);
  yield* sorter.sort(0, ids.length, 0, 0);
}

class RadixSorter {
  readonly #keys: readonly SortKeys[];
  readonly #mask: number;
  readonly #compare: IdComparison;
  readonly #ids: Uint32Array;
  #spareIds: Uint32Array;
  /** Two words an id. */
  #words: Uint32Array;
  #spareWords: Uint32Array;
  #work = 0;

  constructor(ids: Uint32Array, keys: readonly SortKeys[], mask: number, compare: IdComparison) {
    this.#ids = ids;
    this.#keys = keys;
    this.#mask = mask;
    this.#compare = compare;
    this.#spareIds = new Uint32Array(ids.length);
    this.#words = new Uint32Array(ids.length * 2);
    this.#spareWords = new Uint32Array(ids.length * 2);
  }

  /** Sorts ids `start .. end`, which do not differ in the keys before `key` nor in the levels before `level` of that. */
  *sort(start: number, end: number, key: number, level: number): Generator<void, void> {
    const keys = this.#keys[key];
    if (keys === undefined || end - start < 2) return;
    this.#work += end - start;
    if (this.#work > STEP_IDS) {
      this.#work = 0;
      yield;
    }
    if (end - start < INSERTION_IDS) return this.#insertionSort(start, end);
    if (end - start < RADIX_IDS) {
      this.#ids.subarray(start, end).sort(this.#compare);
      return;
    }
    const levels = yield* this.#gather(start, end, keys, level);
    yield* this.#sortByWords(start, end);
    const isLast = level + 1 >= levels;
    if (isLast && key + 1 === this.#keys.length) return;
    const runs = yield* this.#findRuns(start, end);
    for (let i = 0; i < runs.length; i += 2) {
      if (isLast) yield* this.sort(runs[i]!, runs[i + 1]!, key + 1, 0);
      else yield* this.sort(runs[i]!, runs[i + 1]!, key, level + 1);
    }
  }

  #insertionSort(start: number, end: number): void {
    const ids = this.#ids;
    for (let i = start + 1; i < end; i++) {
      const id = ids[i]!;
      let place = i;
      while (place > start && this.#compare(ids[place - 1]!, id) > 0) ids[place] = ids[--place]!;
      ids[place] = id;
    }
  }

  /** Reads the words of the level; the number of levels of the longest key. */
  *#gather(start: number, end: number, keys: SortKeys, level: number): Generator<void, number> {
    let levels = 1;
    for (let from = start; from < end; from += STEP_IDS) {
      const to = Math.min(end, from + STEP_IDS);
      for (let i = from; i < to; i++) {
        const at = this.#ids[i]! & this.#mask;
        keys.wordsAt(at, level, this.#words, i * 2);
        levels = Math.max(levels, keys.levels(at));
      }
      yield;
    }
    return levels;
  }

  *#sortByWords(start: number, end: number): Generator<void, void> {
    const counts = yield* this.#countDigits(start, end);
    let moved = false;
    for (let pass = PASSES - 1; pass >= 0; pass--) {
      const places = counts.subarray(pass * DIGITS, (pass + 1) * DIGITS);
      if (!toPlaces(places, start, end - start)) continue;
      for (let from = start; from < end; from += STEP_IDS) {
        this.#scatter(from, Math.min(end, from + STEP_IDS), pass, places, moved);
        yield;
      }
      moved = !moved;
    }
    if (!moved) return;
    this.#ids.set(this.#spareIds.subarray(start, end), start);
    this.#words.set(this.#spareWords.subarray(start * 2, end * 2), start * 2);
  }

  *#countDigits(start: number, end: number): Generator<void, Uint32Array> {
    const counts = new Uint32Array(DIGITS * PASSES);
    const words = this.#words;
    for (let from = start; from < end; from += STEP_IDS) {
      const to = Math.min(end, from + STEP_IDS);
      for (let i = from; i < to; i++) {
        const high = words[i * 2]!;
        const low = words[i * 2 + 1]!;
        for (let pass = 0; pass < PASSES; pass++) counts[pass * DIGITS + digitOf(high, low, pass)]!++;
      }
      yield;
    }
    return counts;
  }

  #scatter(start: number, end: number, pass: number, places: Uint32Array, fromSpare: boolean): void {
    const ids = fromSpare ? this.#spareIds : this.#ids;
    const words = fromSpare ? this.#spareWords : this.#words;
    const toIds = fromSpare ? this.#ids : this.#spareIds;
    const toWords = fromSpare ? this.#words : this.#spareWords;
    for (let i = start; i < end; i++) {
      const high = words[i * 2]!;
      const low = words[i * 2 + 1]!;
      const place = places[digitOf(high, low, pass)]!++;
      toIds[place] = ids[i]!;
      toWords[place * 2] = high;
      toWords[place * 2 + 1] = low;
    }
  }

  /** Starts and ends of the runs of more than one id whose words are the same. */
  *#findRuns(start: number, end: number): Generator<void, number[]> {
    const runs: number[] = [];
    const words = this.#words;
    let runStart = start;
    for (let from = start + 1; from <= end; from += STEP_IDS) {
      const to = Math.min(end, from + STEP_IDS - 1);
      for (let i = from; i <= to; i++) {
        const isSame =
          i < end && words[i * 2] === words[runStart * 2] && words[i * 2 + 1] === words[runStart * 2 + 1];
        if (isSame) continue;
        if (i - runStart > 1) runs.push(runStart, i);
        runStart = i;
      }
      yield;
    }
    return runs;
  }
}

/** Digit 0 is the highest, of 9 bits; the others have 11. */
function digitOf(high: number, low: number, pass: number): number {
  switch (pass) {
    case 0:
      return high >>> 23;
    case 1:
      return (high >>> 12) & 0x7ff;
    case 2:
      return (high >>> 1) & 0x7ff;
    case 3:
      return ((high & 1) << 10) | (low >>> 22);
    case 4:
      return (low >>> 11) & 0x7ff;
    default:
      return low & 0x7ff;
  }
}

/** Turns counts into where each digit's first id goes; false where all ids have the same digit. */
function toPlaces(counts: Uint32Array, start: number, total: number): boolean {
  let place = start;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit]!;
    if (count === total) return false;
    counts[digit] = place;
    place += count;
  }
  return true;
}
