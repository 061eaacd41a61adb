import { FlatTable } from '../../protocol/arrow/flat-table.ts';
import { CONTINUATION, HEADER } from '../../protocol/arrow/ipc-message.ts';
import { type IpcTable, readIpc, SchemaCache } from '../../protocol/arrow/read-ipc.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { arrowFileParts, type ReadAt } from './arrow-file.ts';
import { type ChunkReader, joined } from './chunk-reader.ts';
import type { RowGroup } from './row-group.ts';

const MAGIC = [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31];
const MAX_METADATA_BYTES = 256 * 1024 * 1024;
/** A file that cannot be read at any place is read whole. */
const MAX_FILE_BYTES = 1024 * 1024 * 1024;
/** More than one message can have, in an input that is itself damaged. */
const MAX_BODY_BYTES = 2 * 1024 * 1024 * 1024;

export interface ArrowGroupsOptions {
  readonly input: ChunkReader;
  /** Where the input is a file as it lies. */
  readonly file: { readonly readAt: ReadAt; readonly sizeBytes: number } | null;
  readonly groupBytes: number;
}

/**
 * The rows of an Arrow IPC stream or file, some record batches at a time.
 *
 * @throws TablecastError as `readIpc`
 */
export async function* arrowGroups(options: ArrowGroupsOptions): AsyncGenerator<RowGroup> {
  const { input, file, groupBytes } = options;
  const head = await input.peek((bytes) => bytes.length >= MAGIC.length);
  if (MAGIC.every((byte, i) => head[i] === byte)) {
    if (file !== null) {
      for await (const part of arrowFileParts({ ...file, groupBytes })) yield groupOf(part);
    } else yield groupOf(readIpc(await input.rest(MAX_FILE_BYTES, 'send it as an Arrow stream')));
    return;
  }
  const stream = new StreamParts(input);
  for (let part = await stream.next(groupBytes); part !== null; part = await stream.next(groupBytes))
    yield groupOf(part);
}

function groupOf({ fields, batches, rowCount }: IpcTable): RowGroup {
  return { fields, batches, rowCount };
}

interface Message {
  readonly bytes: Uint8Array;
  readonly dictionary: DictionaryHead | null;
}

interface DictionaryHead {
  readonly id: number;
  readonly isDelta: boolean;
}

/** A stream in parts that are each a stream: schema, dictionaries so far, some record batches. */
class StreamParts {
  readonly #input: ChunkReader;
  readonly #cache = new SchemaCache();
  #schema: Uint8Array | null = null;
  /** By id: one, and what was added to it. */
  readonly #dictionaries = new Map<number, Uint8Array[]>();
  #parts = 0;
  #isEnded = false;

  constructor(input: ChunkReader) {
    this.#input = input;
  }

  async next(groupBytes: number): Promise<IpcTable | null> {
    const batches: Uint8Array[] = [];
    const dictionaries = [...this.#dictionaries.values()].flat();
    let bytes = 0;
    while (!this.#isEnded && bytes < groupBytes) {
      const message = await this.#message();
      if (message === null) this.#isEnded = true;
      else if (this.#schema === null) this.#schema = message.bytes;
      else {
        bytes += message.bytes.length;
        batches.push(message.bytes);
        if (message.dictionary !== null) this.#keep(message.dictionary, message.bytes);
        else if (!this.#input.hasPending) break;
      }
    }
    if (this.#schema === null) throw new TablecastError('not_arrow', 'The input is empty, and no Arrow.');
    if (batches.length === 0 && this.#parts > 0) return null;
    this.#parts++;
    const all = [this.#schema, ...dictionaries, ...batches, END_OF_STREAM];
    return readIpc(
      joined(
        all,
        all.reduce((sum, part) => sum + part.length, 0),
      ),
      this.#cache,
    );
  }

  #keep({ id, isDelta }: DictionaryHead, bytes: Uint8Array): void {
    const before = isDelta ? (this.#dictionaries.get(id) ?? []) : [];
    this.#dictionaries.set(id, [...before, bytes]);
  }

  /** One encapsulated message with its framing; null at the end. */
  async #message(): Promise<Message | null> {
    const word = await this.#exactly(4, true);
    if (word === null) {
      throw new TablecastError(
        'arrow_truncated',
        'The Arrow stream ends without its end-of-stream marker; it may be cut off.',
      );
    }
    const isMarked = uint32(word) === CONTINUATION;
    const length = isMarked ? (await this.#exactly(4))! : word;
    const metadataBytes = uint32(length);
    if (metadataBytes === 0) return null;
    if (metadataBytes > MAX_METADATA_BYTES)
      throw new TablecastError('not_arrow', 'The input is no Arrow IPC stream or file.');
    const metadata = (await this.#exactly(metadataBytes))!;
    const root = rootOf(metadata);
    const body = (await this.#exactly(root.bodyBytes))!;
    const parts = isMarked ? [word, length, metadata, body] : [word, metadata, body];
    return {
      bytes: joined(
        parts,
        parts.reduce((sum, part) => sum + part.length, 0),
      ),
      dictionary: root.dictionary,
    };
  }

  /** null at the end of the input, where that may be. */
  async #exactly(byteLength: number, mayEnd = false): Promise<Uint8Array | null> {
    const bytes = new Uint8Array(byteLength);
    const taken = await this.#input.take(bytes);
    if (taken === byteLength) return bytes;
    if (mayEnd && taken === 0) return null;
    throw new TablecastError('arrow_truncated', 'The Arrow input ends inside a message; it may be cut off.');
  }
}

const END_OF_STREAM = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

function uint32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

function rootOf(metadata: Uint8Array): { bodyBytes: number; dictionary: DictionaryHead | null } {
  try {
    const root = FlatTable.root(metadata);
    const bodyBytes = root.int64(3);
    const header = root.uint8(1) === HEADER.dictionaryBatch ? root.table(2) : null;
    const dictionary = header === null ? null : { id: header.int64(0), isDelta: header.bool(2) };
    if (bodyBytes >= 0 && bodyBytes <= MAX_BODY_BYTES) return { bodyBytes, dictionary };
  } catch {
    // Reported below.
  }
  throw new TablecastError('not_arrow', 'The Arrow metadata does not hold together.');
}
