import type { DataType } from '../../../protocol/arrow/data-type.ts';
import { isInt64, numberLayout } from '../../../protocol/arrow/number-layout.ts';
import type { AggregateFunction } from './view-spec.ts';

/** Whether values of the type can be aggregated so: all be counted, numbers and durations summed, times averaged too. */
export function canAggregate(type: DataType, fn: AggregateFunction): boolean {
  if (fn === 'count') return true;
  if (fn === 'sum') return ['int', 'float', 'decimal', 'duration'].includes(type.kind);
  return numberLayout(type) !== null || isInt64(type) || type.kind === 'decimal';
}

/** What of one column's values in one group is kept up as values come and go. */
export interface Totals<T> {
  readonly count: number;
  /** Exact for whole numbers; a bigint where a double would not hold it. Null without values. */
  sum(values: () => Iterable<T>): number | bigint | null;
  /** `values` are all of them, asked for only when the least or largest one has gone. */
  extreme(fn: 'min' | 'max', values: () => Iterable<T>): T | null;
}

/**
 * Of numbers in doubles. NaN makes sums NaN, and is left out of `min` and `max` unless there is nothing else.
 *
 * The sum of finite values is kept as the unevaluated sum of two doubles, about 106 bits: whole numbers are exact, and
 * others stay, however many come and go, within about 2⁻¹⁰⁰ of the largest sum that there was, so nothing drifts.
 * Source: T. J. Dekker, "A floating-point technique for extending the available precision" (1971).
 */
export class NumberTotals implements Totals<number> {
  count = 0;
  #nans = 0;
  #positives = 0;
  #negatives = 0;
  #high = 0;
  #low = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #isExtremeLost = false;

  add(value: number): void {
    this.count++;
    this.#sumUp(value, 1);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** Takes out a value that was added. */
  remove(value: number): void {
    this.count--;
    this.#sumUp(value, -1);
    if (value <= this.#min || value >= this.#max) this.#isExtremeLost = true;
    if (this.count > this.#nans) return;
    this.#high = 0;
    this.#low = 0;
    this.#forgetExtremes();
  }

  #forgetExtremes(): void {
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
    this.#isExtremeLost = false;
  }

  #sumUp(value: number, sign: 1 | -1): void {
    if (Number.isNaN(value)) this.#nans += sign;
    else if (value === Number.POSITIVE_INFINITY) this.#positives += sign;
    else if (value === Number.NEGATIVE_INFINITY) this.#negatives += sign;
    else this.#addFinite(sign * value);
  }

  #addFinite(value: number): void {
    const high = this.#high;
    const sum = high + value;
    const part = sum - high;
    const low = this.#low + (high - (sum - part) + (value - part));
    this.#high = sum + low;
    this.#low = low - (this.#high - sum);
  }

  sum(values: () => Iterable<number>): number | bigint | null {
    if (this.count === 0) return null;
    if (this.#nans > 0 || (this.#positives > 0 && this.#negatives > 0)) return Number.NaN;
    if (this.#positives > 0) return Number.POSITIVE_INFINITY;
    if (this.#negatives > 0) return Number.NEGATIVE_INFINITY;
    // A sum may have been too large for a double for a while.
    if (!Number.isFinite(this.#high + this.#low)) this.#sumAnew(values());
    const total = this.#high + this.#low;
    const isWhole = Number.isInteger(this.#high) && Number.isInteger(this.#low);
    return isWhole && !Number.isSafeInteger(total) && Number.isFinite(total)
      ? BigInt(this.#high) + BigInt(this.#low)
      : total;
  }

  #sumAnew(values: Iterable<number>): void {
    this.#high = 0;
    this.#low = 0;
    for (const value of values) this.#addFinite(value);
    if (Number.isFinite(this.#high + this.#low)) return;
    let plain = 0;
    for (const value of values) plain += value;
    this.#high = plain;
    this.#low = 0;
  }

  extreme(fn: 'min' | 'max', values: () => Iterable<number>): number | null {
    if (this.count === 0) return null;
    if (this.count === this.#nans) return Number.NaN;
    if (this.#isExtremeLost) {
      this.#forgetExtremes();
      for (const value of values()) {
        if (value < this.#min) this.#min = value;
        if (value > this.#max) this.#max = value;
      }
    }
    return fn === 'min' ? this.#min : this.#max;
  }
}

/** Of whole numbers that a double may not hold. */
export class BigTotals implements Totals<bigint> {
  count = 0;
  #sum = 0n;
  #min: bigint | null = null;
  #max: bigint | null = null;

  add(value: bigint): void {
    this.count++;
    this.#sum += value;
    if (this.count === 1) {
      this.#min = value;
      this.#max = value;
    } else {
      if (this.#min !== null && value < this.#min) this.#min = value;
      if (this.#max !== null && value > this.#max) this.#max = value;
    }
  }

  /** Takes out a value that was added. */
  remove(value: bigint): void {
    this.count--;
    this.#sum -= value;
    if (value === this.#min) this.#min = null;
    if (value === this.#max) this.#max = null;
  }

  sum(): bigint | null {
    return this.count === 0 ? null : this.#sum;
  }

  extreme(fn: 'min' | 'max', values: () => Iterable<bigint>): bigint | null {
    if (this.count === 0) return null;
    if (this.#min === null || this.#max === null) {
      for (const value of values()) {
        if (this.#min === null || value < this.#min) this.#min = value;
        if (this.#max === null || value > this.#max) this.#max = value;
      }
    }
    return fn === 'min' ? this.#min : this.#max;
  }
}

/** Of values that are only counted. */
export class CountTotals implements Totals<number> {
  count = 0;

  sum(): null {
    return null;
  }

  extreme(): null {
    return null;
  }
}
