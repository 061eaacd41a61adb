import { TablecastError } from '../../protocol/errors.ts';
import { ByteSource } from '../../protocol/text-rows/byte-source.ts';
import { CsvRows } from '../../protocol/text-rows/csv-rows.ts';
import { invalidUtf8At } from '../../protocol/text-rows/invalid-utf8.ts';
import { NdjsonRows, openJson } from '../../protocol/text-rows/json-rows.ts';
import type { RowBlock, RowSource } from '../../protocol/text-rows/row-source.ts';
import { ByteWindow } from './byte-window.ts';
import type { ChunkReader } from './chunk-reader.ts';
import type { FileFormat } from './file-format.ts';
import { ReadTrace } from './read-trace.ts';

export type TextFileFormat = Exclude<FileFormat, 'arrow' | 'parquet'>;

/** Large enough that what ends in the middle of a row hardly counts. */
const WINDOW_BYTES = 8 * 1024 * 1024;
const MAX_JSON_BYTES = 1024 * 1024 * 1024;
const LF = 0x0a;
const TAB = 0x09;
const QUOTE = 0x22;

export interface TextBlock extends RowBlock {
  readonly names: readonly string[];
  /** Of the input. */
  readonly rowsBefore: number;
}

export interface TextBlocksOptions {
  readonly input: ChunkReader;
  readonly format: TextFileFormat;
  /** How long rows may wait for more to come; null where they all come at once. */
  readonly maxDelayMs: number | null;
  /** Where a text is read on that was read to there before. */
  readonly resume?: TextPosition;
  /** Whether a last line that does not end is left alone, for it is still being written. */
  readonly leavesOpenLine?: boolean;
}

/** How far a text was read: to the end of a row. */
export interface TextPosition {
  readonly bytes: number;
  readonly rows: number;
  readonly lines: number;
  /** A CSV's columns. */
  readonly names: readonly string[] | null;
  readonly trace: ReadTrace;
}

/** The rows of a text, a block at a time; each block stands until the next one is asked for. */
export class TextBlocks {
  readonly #options: TextBlocksOptions;
  #bytes: number;
  #rows: number;
  #lines: number;
  #names: readonly string[] | null;
  #trace: ReadTrace;

  constructor(options: TextBlocksOptions) {
    this.#options = options;
    const { resume } = options;
    this.#bytes = resume?.bytes ?? 0;
    this.#rows = resume?.rows ?? 0;
    this.#lines = resume?.lines ?? 0;
    this.#names = resume?.names ?? null;
    this.#trace = resume?.trace ?? ReadTrace.empty;
  }

  get position(): TextPosition {
    return {
      bytes: this.#bytes,
      rows: this.#rows,
      lines: this.#lines,
      names: this.#names,
      trace: this.#trace,
    };
  }

  /**
   * `null` says that all that has come so far was given.
   *
   * @throws TablecastError `bad_body`, `too_large`
   */
  async *blocks(): AsyncGenerator<TextBlock | null> {
    const { format, input, maxDelayMs, leavesOpenLine = false } = this.#options;
    if (format === 'json') {
      const bytes = await input.rest(MAX_JSON_BYTES, 'send it as NDJSON, one record a line');
      checkUtf8(bytes, 0);
      yield* this.#blocksOf(openJson(new ByteSource(bytes)));
      return;
    }
    const window = new ByteWindow({
      input,
      capacityBytes: WINDOW_BYTES,
      maxDelayMs,
      startBytes: this.#bytes,
    });
    let usedBytes = 0;
    do {
      await window.advance(usedBytes);
      const isLast = window.isLast && !leavesOpenLine;
      const lineEnd = isLast ? window.bytes.length : window.bytes.lastIndexOf(LF) + 1;
      checkUtf8(window.bytes.subarray(0, lineEnd), window.bytesBefore);
      if (format === 'ndjson') yield* this.#ndjson(window, lineEnd);
      else yield* this.#csv(window, isLast, format === 'tsv' ? TAB : undefined);
      usedBytes = this.#bytes - window.bytesBefore;
      this.#trace = this.#trace.and(window.bytes.subarray(0, usedBytes));
      if (!window.isLast && !input.hasPending) yield null;
    } while (!window.isLast);
  }

  async *#csv(window: ByteWindow, isLast: boolean, delimiter: number | undefined): AsyncGenerator<TextBlock> {
    const { bytes, bytesBefore } = window;
    if (!isLast && this.#names === null && !hasWholeHeader(bytes)) return;
    const rows = new CsvRows(new ByteSource(bytes), {
      isLast,
      before: { rows: this.#rows, bytes: bytesBefore },
      ...(this.#names === null ? {} : { names: this.#names }),
      ...(delimiter === undefined ? {} : { delimiter }),
    });
    this.#names = rows.names;
    yield* this.#blocksOf(rows);
    this.#bytes = bytesBefore + rows.at;
  }

  async *#ndjson(window: ByteWindow, lineEnd: number): AsyncGenerator<TextBlock> {
    const { bytes, bytesBefore } = window;
    const before = { lines: this.#lines, bytes: bytesBefore };
    const rows = new NdjsonRows(new ByteSource(bytes.subarray(0, lineEnd)), before);
    yield* this.#blocksOf(rows);
    this.#lines = rows.lines;
    this.#bytes = bytesBefore + lineEnd;
  }

  *#blocksOf(rows: RowSource): Generator<TextBlock> {
    for (let block = rows.next(); block !== null; block = rows.next()) {
      yield { ...block, names: rows.names, rowsBefore: this.#rows };
      this.#rows += block.rowCount;
    }
  }
}

/** Whether the first row ends within the bytes, lines in quotes not counted. */
function hasWholeHeader(bytes: Uint8Array): boolean {
  let isQuoted = false;
  let hasBegun = false;
  for (const byte of bytes) {
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (byte === LF && hasBegun && !isQuoted) return true;
    hasBegun ||= byte > 0x20;
  }
  return false;
}

function checkUtf8(bytes: Uint8Array, bytesBefore: number): void {
  const at = invalidUtf8At(bytes);
  if (at >= 0)
    throw new TablecastError(
      'bad_body',
      `The input is not UTF-8 at byte ${bytesBefore + at}; save it as UTF-8.`,
    );
}
