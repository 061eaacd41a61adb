import { TablecastError } from '../errors.ts';
import { NO_ROW } from './column-builder.ts';
import { byteLengthOf, type Vector } from './vector.ts';

/** Offsets have 32 bits. */
const MAX_COLUMN_BYTES = 0x7fffffff;

/**
 * How many bytes the columns of one message may come to hold. Dictionary indexes, views, list views and run ends name one
 * value many times, and buffers may lie over one another, so a short message can stand for more than any memory has.
 */
export class ExpansionBudget {
  readonly #maxBytes: number;
  readonly #maxDecodedBytes: number;
  #leftBytes: number;
  #leftSentBytes: number;
  #decodedBytes = 0;

  /** `maxDecodedBytes`: of what was compressed; `sentBytes`: of the message, which its compressed buffers share. */
  constructor(maxBytes: number, maxDecodedBytes = maxBytes, sentBytes = maxBytes) {
    this.#leftSentBytes = sentBytes;
    this.#maxBytes = maxBytes;
    this.#leftBytes = maxBytes;
    this.#maxDecodedBytes = maxDecodedBytes;
  }

  get decodedBytes(): number {
    return this.#decodedBytes;
  }

  /**
   * Counts bytes of a compressed buffer, for decoding costs by what was sent, too.
   *
   * @throws TablecastError `arrow_invalid` where buffers lie over one another
   */
  takeSent(bytes: number, column: string): void {
    this.#leftSentBytes -= bytes;
    if (this.#leftSentBytes >= 0) return;
    throw new TablecastError(
      'arrow_invalid',
      `The compressed buffers up to the column "${column}" lie over one another.`,
    );
  }

  /**
   * Counts bytes that a compressed buffer of the column is about to be decoded to.
   *
   * @throws TablecastError `too_large`
   */
  takeDecoded(bytes: number, column: string): void {
    this.#decodedBytes += bytes;
    if (this.#decodedBytes > this.#maxDecodedBytes) {
      throw new TablecastError(
        'too_large',
        `With the buffers of the column "${column}" decoded, the message has more than ${this.#maxDecodedBytes} bytes, the limit of a publication.`,
      );
    }
    this.take(bytes, column);
  }

  /**
   * Counts bytes that the column is about to hold.
   *
   * @throws TablecastError `too_large`
   */
  take(bytes: number, column: string): void {
    this.#leftBytes -= bytes;
    if (this.#leftBytes >= 0 && bytes <= MAX_COLUMN_BYTES) return;
    throw new TablecastError(
      'too_large',
      `With all values of the column "${column}" written out, the message holds more than ${Math.min(this.#maxBytes, MAX_COLUMN_BYTES)} bytes.`,
    );
  }
}

/** Bytes of these rows of `values`, each as often as it is named. */
export function bytesOfRows(values: Vector, rows: Int32Array): number {
  if (values.layout === 'null') return 0;
  if (values.layout === 'bool') return (rows.length + 7) >> 3;
  if (values.layout === 'fixed') return rows.length * values.width;
  let total = 0;
  if (values.layout === 'bytes') {
    const { offsets } = values;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (row !== NO_ROW) total += offsets[row + 1]! - offsets[row]!;
    }
    return total;
  }
  const known = new Float64Array(values.length).fill(-1);
  for (const row of rows) {
    if (row === NO_ROW) continue;
    if (known[row] === -1) known[row] = bytesOfRange(values, row, row + 1);
    total += known[row]!;
  }
  return total;
}

/** As {@link byteLengthOf}, and a byte for each item of a list: items may have no bytes of their own. */
export function bytesOfRange(values: Vector, start: number, end: number): number {
  const items = values.layout === 'list' ? values.offsets[end]! - values.offsets[start]! : 0;
  return items + byteLengthOf(values, start, end);
}
