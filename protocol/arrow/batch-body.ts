import { type BufferCodec, bufferCodec } from '../compression/buffer-codecs.ts';
import { TablecastError } from '../errors.ts';
import type { ExpansionBudget } from './expansion-budget.ts';
import type { FlatTable } from './flat-table.ts';

const LENGTH_BYTES = 8;
const IS_STORED = -1;
/** Rows of columns that take no bytes (all null, zero width) can be claimed for free; beyond this they are refused. */
const MAX_UNBACKED_ROWS = 1 << 20;

/**
 * The buffers of one record batch's body, in their order (`Message.fbs`, `Buffer` and `BodyCompression`). Those of a compressed
 * body begin with the length that they have when they are decoded, -1 for one that is stored as it is.
 */
export class BatchBody {
  readonly bufferCount: number;
  readonly #body: Uint8Array;
  readonly #batch: FlatTable;
  readonly #start: number;
  readonly #codec: BufferCodec | null;
  readonly #budget: ExpansionBudget;
  #next = 0;
  #decodedBytes = 0;
  #mostRows = 0;

  /** @throws TablecastError `arrow_unsupported` for a compression of another kind */
  constructor(body: Uint8Array, batch: FlatTable, budget: ExpansionBudget) {
    this.#body = body;
    this.#batch = batch;
    this.#budget = budget;
    const { start, length } = batch.vector(2, 16);
    this.#start = start;
    this.bufferCount = length;
    const compression = batch.table(3);
    this.#codec = compression === null ? null : codecOf(compression);
  }

  /**
   * Counts rows that the batch or a column of it claims to have.
   *
   * @throws TablecastError `arrow_invalid` where the body cannot hold so many
   */
  claim(rowCount: number, who: string): void {
    this.#mostRows = Math.max(this.#mostRows, rowCount);
    // How much a compressed body holds is known at its end.
    const heldBytes = this.#codec === null ? this.#body.length : Number.POSITIVE_INFINITY;
    if (!(rowCount >= 0 && rowCount <= Math.min(0x7fffffff, Math.max(MAX_UNBACKED_ROWS, heldBytes * 8))))
      throw this.#tooManyRows(rowCount, who);
  }

  /**
   * All buffers that are needed were taken.
   *
   * @throws TablecastError `arrow_invalid` where fewer rows were held than claimed
   */
  end(): void {
    const heldBytes = this.#codec === null ? this.#body.length : this.#decodedBytes;
    if (this.#mostRows > Math.max(MAX_UNBACKED_ROWS, heldBytes * 8))
      throw this.#tooManyRows(this.#mostRows, 'The record batch');
  }

  #tooManyRows(rowCount: number, who: string): TablecastError {
    return new TablecastError(
      'arrow_invalid',
      `${who} claims ${rowCount} rows in ${this.#body.length} bytes.`,
    );
  }

  /** @throws TablecastError `arrow_invalid`, `too_large` */
  next(column: string): Uint8Array {
    if (this.#next >= this.bufferCount) {
      throw new TablecastError('arrow_invalid', `The record batch has no buffer for the column "${column}".`);
    }
    const at = this.#start + 16 * this.#next++;
    const offset = this.#batch.int64At(at);
    const length = this.#batch.int64At(at + 8);
    if (offset < 0 || length < 0 || offset + length > this.#body.length) {
      throw new TablecastError(
        'arrow_invalid',
        `A buffer of the column "${column}" lies at bytes ${offset} to ${offset + length} of a body of ${this.#body.length}.`,
      );
    }
    const sent = this.#body.subarray(offset, offset + length);
    if (this.#codec !== null && length > 0) return this.#decoded(sent, this.#codec, column);
    this.#budget.take(length, column);
    return sent;
  }

  #decoded(sent: Uint8Array, codec: BufferCodec, column: string): Uint8Array {
    this.#budget.takeSent(sent.length, column);
    const declaredBytes = declaredLength(sent);
    const content = sent.subarray(LENGTH_BYTES);
    if (!(declaredBytes >= IS_STORED && declaredBytes <= content.length * codec.maxExpansion)) {
      throw new TablecastError(
        'arrow_invalid',
        `A compressed buffer of the column "${column}" has ${content.length} bytes, and declares that it holds ${declaredBytes}.`,
      );
    }
    this.#budget.takeDecoded(declaredBytes === IS_STORED ? content.length : declaredBytes, column);
    if (declaredBytes === IS_STORED) {
      this.#decodedBytes += content.length;
      return content;
    }
    const bytes = new Uint8Array(declaredBytes);
    // An empty buffer may be compressed or not.
    if (declaredBytes > 0) this.#decodeInto(bytes, content, codec, column);
    this.#decodedBytes += declaredBytes;
    return bytes;
  }

  #decodeInto(bytes: Uint8Array, content: Uint8Array, codec: BufferCodec, column: string): void {
    try {
      codec.decode(content, bytes);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new TablecastError(
        'arrow_invalid',
        `A compressed buffer of the column "${column}" cannot be decoded: ${cause.message}.`,
        { cause },
      );
    }
  }
}

function declaredLength(sent: Uint8Array): number {
  if (sent.length < LENGTH_BYTES) return Number.NaN;
  const view = new DataView(sent.buffer, sent.byteOffset, LENGTH_BYTES);
  return view.getInt32(4, true) * 2 ** 32 + view.getUint32(0, true);
}

function codecOf(compression: FlatTable): BufferCodec {
  const codec = compression.uint8(0);
  const method = compression.uint8(1);
  const known = method === 0 ? bufferCodec(codec) : null;
  if (known !== null) return known;
  throw new TablecastError(
    'arrow_unsupported',
    `The record batch is compressed in a way that is not known (codec ${codec}, method ${method}); write it with LZ4 frames, ZSTD or no compression.`,
  );
}
