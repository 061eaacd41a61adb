import { type SequenceCodes, sequenceCodes } from './sequence-codes.ts';
import { LiteralsReader, MARGIN_BYTES } from './zstd-literals.ts';
import { SequenceRunner } from './zstd-sequences.ts';

/** Source: RFC 8878, "Zstandard Compression and the 'application/zstd' Media Type". */
const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const MAX_BLOCK_BYTES = 128 * 1024;

/** Decodes Zstandard frames. What it takes to do so is bounded by the bytes given and those that come out. */
export class ZstdDecoder {
  readonly #codes: SequenceCodes = sequenceCodes();

  /**
   * Decodes all frames of `bytes` into exactly the bytes given; nothing is ever written beyond them. Checksums are skipped, not
   * compared; frames that need a dictionary are refused.
   *
   * @throws RangeError where they are damaged, cut off, or hold more or fewer bytes; the bytes given are undefined then
   */
  decode(bytes: Uint8Array, into: Uint8Array): void {
    const scratch = new Scratch(bytes.length, into.length);
    let at = 0;
    let written = 0;
    while (at < bytes.length) {
      const magic = uint(bytes, at, 4);
      if ((magic & ~15) >>> 0 === SKIPPABLE) at += 8 + uint(bytes, at + 4, 4);
      else if (magic !== MAGIC) throw new RangeError('it holds no ZSTD frame');
      else ({ at, written } = this.#frame(bytes, at + 4, into, written, scratch));
    }
    if (written !== into.length || at !== bytes.length) throw wrongSize(into.length);
  }

  #frame(
    bytes: Uint8Array,
    start: number,
    into: Uint8Array,
    from: number,
    scratch: Scratch,
  ): { at: number; written: number } {
    const { blocksAt, contentBytes, hasChecksum } = readHeader(bytes, start);
    if (contentBytes !== null && contentBytes > into.length - from) throw wrongSize(into.length);
    const blocks = new FrameBlocks(this.#codes, bytes, into, from, scratch);
    let at = blocksAt;
    let written = from;
    for (let isLast = false; !isLast; ) {
      const head = uint(bytes, at, 3);
      isLast = (head & 1) === 1;
      const block = { type: (head >> 1) & 3, at: at + 3, byteLength: head >> 3 };
      written = blocks.write(block, written);
      at = block.at + (block.type === 1 ? 1 : block.byteLength);
    }
    if (contentBytes !== null && written - from !== contentBytes) throw wrongSize(into.length);
    return { at: at + (hasChecksum ? 4 : 0), written };
  }
}

/** Memory for one coded block, made when the first one comes: many frames may be empty. */
class Scratch {
  readonly #blockBytes: number;
  readonly #literalBytes: number;
  #memory: { readonly block: Uint8Array; readonly view: DataView; readonly literals: Uint8Array } | null =
    null;

  constructor(frameBytes: number, contentBytes: number) {
    this.#blockBytes = Math.min(MAX_BLOCK_BYTES, frameBytes) + 2 * MARGIN_BYTES;
    this.#literalBytes = Math.min(MAX_BLOCK_BYTES, contentBytes);
  }

  /** `block` has margins. */
  get memory() {
    if (this.#memory === null) {
      const block = new Uint8Array(this.#blockBytes);
      const literals = new Uint8Array(this.#literalBytes);
      this.#memory = { block, view: new DataView(block.buffer), literals };
    }
    return this.#memory;
  }
}

interface Block {
  readonly type: number;
  readonly at: number;
  /** Of the block; of what it repeats where it is one byte. */
  readonly byteLength: number;
}

/** The blocks of one frame, one after the other. */
class FrameBlocks {
  readonly #frame: Uint8Array;
  readonly #into: Uint8Array;
  readonly #scratch: Scratch;
  #literals: LiteralsReader | null = null;
  readonly #sequences: SequenceRunner;

  constructor(codes: SequenceCodes, frame: Uint8Array, into: Uint8Array, start: number, scratch: Scratch) {
    this.#frame = frame;
    this.#into = into;
    this.#sequences = new SequenceRunner(codes, { bytes: into, start });
    this.#scratch = scratch;
  }

  /** @returns how many bytes are written after it */
  write({ type, at, byteLength }: Block, written: number): number {
    const frame = this.#frame;
    const into = this.#into;
    if (type === 3 || byteLength > MAX_BLOCK_BYTES)
      throw new RangeError('its ZSTD frame has a block of no kind');
    if (at + (type === 1 ? 1 : byteLength) > frame.length) throw new RangeError('its ZSTD frame is cut off');
    if (type === 2) return this.#writeCoded(at, byteLength, written);
    if (byteLength > into.length - written) throw wrongSize(into.length);
    if (type === 1) into.fill(frame[at]!, written, written + byteLength);
    else into.set(frame.subarray(at, at + byteLength), written);
    return written + byteLength;
  }

  #writeCoded(at: number, byteLength: number, written: number): number {
    const { block: memory, view, literals: literalMemory } = this.#scratch.memory;
    const end = MARGIN_BYTES + byteLength;
    memory.set(this.#frame.subarray(at, at + byteLength), MARGIN_BYTES);
    memory.fill(0, end, end + MARGIN_BYTES);
    if (byteLength < 2) throw new RangeError('its ZSTD block is cut off');
    this.#literals ??= new LiteralsReader(literalMemory);
    const literals = this.#literals.read(memory, view, MARGIN_BYTES, end);
    return this.#sequences.run(memory, view, { at: literals.end, end }, literals, written);
  }
}

function readHeader(bytes: Uint8Array, start: number) {
  const flags = uint(bytes, start, 1);
  const isSingle = (flags & 32) !== 0;
  if ((flags & 8) !== 0) throw new RangeError('its ZSTD frame has a flag that is not known');
  const dictionaryBytes = [0, 1, 2, 4][flags & 3]!;
  const dictionaryAt = start + (isSingle ? 1 : 2);
  if (uint(bytes, dictionaryAt, dictionaryBytes) !== 0)
    throw new RangeError('its ZSTD frame needs a dictionary');
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6]!;
  const sizeAt = dictionaryAt + dictionaryBytes;
  const size = uint(bytes, sizeAt, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  return {
    blocksAt: sizeAt + sizeBytes,
    contentBytes: sizeBytes === 0 ? null : size,
    hasChecksum: (flags & 4) !== 0,
  };
}

/** Little-endian, of up to 8 bytes. */
function uint(bytes: Uint8Array, at: number, byteLength: number): number {
  if (at + byteLength > bytes.length) throw new RangeError('its ZSTD frame is cut off');
  let value = 0;
  for (let i = byteLength - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}

function wrongSize(byteLength: number): RangeError {
  return new RangeError(`it does not hold the ${byteLength} bytes that it declares`);
}
