import { FlatTable } from '../../protocol/arrow/flat-table.ts';
import { type IpcTable, readIpc, SchemaCache } from '../../protocol/arrow/read-ipc.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { joined } from './chunk-reader.ts';

/** Magic, padded to 8. */
const HEAD_BYTES = 8;
/** The footer's length, and magic. */
const TAIL_BYTES = 10;
/** `Block` of `File.fbs`: offset, length of the metadata, padding, length of the body. */
const BLOCK_BYTES = 24;
const DICTIONARIES = 2;
const RECORD_BATCHES = 3;

/** Bytes of a file, by their place in it. */
export type ReadAt = (at: number, byteLength: number) => Promise<Uint8Array>;

export interface ArrowFileOptions {
  readonly readAt: ReadAt;
  readonly sizeBytes: number;
  /** How many bytes of record batches go together. */
  readonly groupBytes: number;
}

/**
 * An Arrow IPC file in parts of some record batches, found by its footer, as not all writers put a stream before it. Each part is read
 * as a file of its own: the dictionaries, its record batches, and a footer that names these.
 *
 * @throws TablecastError `arrow_truncated`, and as `readIpc`
 */
export async function* arrowFileParts(options: ArrowFileOptions): AsyncGenerator<IpcTable> {
  const { readAt, sizeBytes, groupBytes } = options;
  const footer = await readFooter(readAt, sizeBytes);
  const dictionaries = blocksOf(footer, DICTIONARIES, sizeBytes);
  const batches = blocksOf(footer, RECORD_BATCHES, sizeBytes);
  const cache = new SchemaCache();
  let next = 0;
  do {
    const chosen: Block[] = [];
    let bytes = 0;
    while (next < batches.length && (chosen.length === 0 || bytes < groupBytes)) {
      bytes += batches[next]!.byteLength;
      chosen.push(batches[next++]!);
    }
    yield readIpc(await partOf(footer, dictionaries, chosen, readAt), cache);
  } while (next < batches.length);
}

interface Block {
  readonly at: number;
  readonly byteLength: number;
  /** Its entry in the footer. */
  readonly entry: Uint8Array;
}

async function readFooter(readAt: ReadAt, sizeBytes: number): Promise<Uint8Array> {
  const tail = sizeBytes < HEAD_BYTES + TAIL_BYTES ? null : await readAt(sizeBytes - TAIL_BYTES, TAIL_BYTES);
  const footerBytes = tail === null ? 0 : viewOf(tail).getInt32(0, true);
  const isWhole = tail !== null && String.fromCharCode(...tail.subarray(4)) === 'ARROW1';
  if (!isWhole || footerBytes <= 0 || footerBytes > sizeBytes - HEAD_BYTES - TAIL_BYTES) {
    throw new TablecastError(
      'arrow_truncated',
      'The Arrow file does not end with its footer; it may be cut off.',
    );
  }
  return readAt(sizeBytes - TAIL_BYTES - footerBytes, footerBytes);
}

function blocksOf(footer: Uint8Array, slot: number, sizeBytes: number): Block[] {
  try {
    const table = FlatTable.root(footer);
    const { start, length } = table.vector(slot, BLOCK_BYTES);
    return Array.from({ length }, (_, i) => {
      const entryAt = start + i * BLOCK_BYTES;
      const at = table.int64At(entryAt);
      const byteLength = viewOf(footer).getInt32(entryAt + 8, true) + table.int64At(entryAt + 16);
      if (at < HEAD_BYTES || byteLength < 0 || at + byteLength > sizeBytes) throw new RangeError();
      return { at, byteLength, entry: footer.slice(entryAt, entryAt + BLOCK_BYTES) };
    });
  } catch (cause) {
    const detail = 'The footer of the Arrow file names blocks that lie outside it.';
    throw new TablecastError('arrow_invalid', detail, { cause });
  }
}

async function partOf(
  footer: Uint8Array,
  dictionaries: readonly Block[],
  batches: readonly Block[],
  readAt: ReadAt,
): Promise<Uint8Array> {
  const changed = footer.slice();
  const parts: Uint8Array[] = [MAGIC_HEAD];
  let at = HEAD_BYTES;
  for (const [slot, blocks] of [
    [DICTIONARIES, dictionaries],
    [RECORD_BATCHES, batches],
  ] as const) {
    const { start } = FlatTable.root(footer).vector(slot, BLOCK_BYTES);
    if (start > 0) viewOf(changed).setUint32(start - 4, blocks.length, true);
    for (const [i, block] of blocks.entries()) {
      changed.set(block.entry, start + i * BLOCK_BYTES);
      viewOf(changed).setBigInt64(start + i * BLOCK_BYTES, BigInt(at), true);
      const padding = -block.byteLength & 7;
      parts.push(await readAt(block.at, block.byteLength), new Uint8Array(padding));
      at += block.byteLength + padding;
    }
  }
  const tail = new Uint8Array(TAIL_BYTES);
  viewOf(tail).setInt32(0, footer.length, true);
  tail.set(MAGIC_HEAD.subarray(0, 6), 4);
  return joined([...parts, changed, tail], at + changed.length + TAIL_BYTES);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const MAGIC_HEAD = new Uint8Array([0x41, 0x52, 0x52, 0x4f, 0x57, 0x31, 0, 0]);
