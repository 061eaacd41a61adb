import { cellText } from '../../../protocol/arrow/cell-text.ts';
import type { DataType } from '../../../protocol/arrow/data-type.ts';
import { wordsOf } from '../../../protocol/arrow/number-layout.ts';
import type { Vector } from '../../../protocol/arrow/vector.ts';
import { ByteSink } from './byte-sink.ts';
import { KeyEncoder, TOP } from './key-encoder.ts';
import { appendRawKey, appendTextKey } from './text-key.ts';

const NO_BYTES = new Uint8Array(0);
const encoder = new TextEncoder();

/** Keys of any length: the first eight bytes, then the tail. None is the beginning of another. */
abstract class LongKeyEncoder extends KeyEncoder {
  protected readonly sink = new ByteSink();

  /** Turns the sink's bytes into the key. */
  protected take(): void {
    const { sink, flips } = this;
    while (sink.length < 8) sink.push(0);
    const { bytes, length } = sink;
    if (flips) for (let i = 0; i < length; i++) bytes[i] = ~bytes[i]!;
    this.hi = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
    this.lo = ((bytes[4]! << 24) | (bytes[5]! << 16) | (bytes[6]! << 8) | bytes[7]!) >>> 0;
    this.tail = bytes;
    this.tailStart = 8;
    this.tailEnd = length;
  }
}

/** Text in natural order; where it `isExact`, only equal texts have equal keys. */
export class TextEncoderOfKeys extends LongKeyEncoder {
  readonly #isExact: boolean;
  #offsets = new Int32Array(1);
  #data = NO_BYTES;

  constructor(column: number, flips: boolean, isExact: boolean) {
    super(column, flips);
    this.#isExact = isExact;
  }

  protected bind(vector: Vector): void {
    if (vector.layout !== 'bytes') return;
    this.#offsets = vector.offsets as Int32Array<ArrayBuffer>;
    this.#data = vector.data as Uint8Array<ArrayBuffer>;
  }

  protected encode(at: number): void {
    const start = this.#offsets[at]!;
    const end = this.#offsets[at + 1]!;
    this.sink.clear();
    appendTextKey(this.sink, this.#data, start, end);
    if (this.#isExact) appendRawKey(this.sink, this.#data, start, end);
    this.take();
  }
}

/** Values of any type by their exact text, as texts are. */
export class CellTextEncoder extends LongKeyEncoder {
  readonly #type: DataType;
  readonly #isExact: boolean;
  #vector: Vector | undefined;

  constructor(column: number, flips: boolean, isExact: boolean, type: DataType) {
    super(column, flips);
    this.#isExact = isExact;
    this.#type = type;
  }

  protected bind(vector: Vector): void {
    this.#vector = vector;
  }

  protected encode(at: number): void {
    const bytes = encoder.encode(cellText(this.#type, this.#vector, at) ?? '');
    this.sink.clear();
    appendTextKey(this.sink, bytes, 0, bytes.length);
    if (this.#isExact) appendRawKey(this.sink, bytes, 0, bytes.length);
    this.take();
  }
}

/** Binary values by their bytes. */
export class BinaryEncoder extends LongKeyEncoder {
  #vector: Vector | undefined;

  protected bind(vector: Vector): void {
    this.#vector = vector;
  }

  protected encode(at: number): void {
    const vector = this.#vector;
    this.sink.clear();
    if (vector?.layout === 'bytes')
      appendRawKey(this.sink, vector.data, vector.offsets[at]!, vector.offsets[at + 1]!);
    else if (vector?.layout === 'fixed')
      appendRawKey(this.sink, vector.bytes, at * vector.width, (at + 1) * vector.width);
    this.take();
  }
}

/** Decimals of 128 and 256 bits: 64 bits do for most; the others have the first or the last such key and all bytes as tail. */
export class DecimalEncoder extends KeyEncoder {
  readonly #width: number;
  readonly #bytes: Uint8Array;
  #source: Uint8Array = NO_BYTES;
  #words: Int32Array = new Int32Array(0);

  constructor(column: number, flips: boolean, width: number) {
    super(column, flips);
    this.#width = width;
    this.#bytes = new Uint8Array(width);
  }

  protected bind(vector: Vector): void {
    if (vector.layout !== 'fixed') return;
    this.#source = vector.bytes;
    this.#words = wordsOf(vector.bytes);
  }

  protected encode(at: number): void {
    const first = (at * this.#width) / 4;
    const low = this.#words[first]!;
    const high = this.#words[first + 1]! ^ 0x80000000;
    const isShort = this.#isShort(first) && !(high === 0 && low === 0) && !(high === -1 && low === -1);
    if (!isShort) return this.#encodeLong(at);
    this.hi = (this.flips ? ~high : high) >>> 0;
    this.lo = (this.flips ? ~low : low) >>> 0;
  }

  /** All words but the first two say no more than the sign. */
  #isShort(first: number): boolean {
    const sign = this.#words[first + 1]! >> 31;
    for (let word = 2; word < this.#width / 4; word++) {
      if (this.#words[first + word] !== sign) return false;
    }
    return true;
  }

  #encodeLong(at: number): void {
    const width = this.#width;
    const flip = this.flips ? 0xff : 0;
    for (let i = 0; i < width; i++) this.#bytes[i] = this.#source[(at + 1) * width - 1 - i]! ^ flip;
    this.#bytes[0]! ^= 0x80;
    const isHigh = this.#bytes[0]! >= 0x80;
    this.hi = isHigh ? TOP : 0;
    this.lo = this.hi;
    this.tail = this.#bytes;
    this.tailStart = 0;
    this.tailEnd = width;
  }
}
