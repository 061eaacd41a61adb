import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { TablecastError } from '../../protocol/errors.ts';
import type { Op } from '../../protocol/header.ts';
import { arrowGroups } from './arrow-groups.ts';
import type { FileFormat } from './file-format.ts';
import type { Acknowledgement, GatewayClient } from './gateway-client.ts';
import { type Input, openInput } from './open-input.ts';
import { type Pace, paced } from './pace.ts';
import type { Progress } from './progress.ts';
import type { RowGroup } from './row-group.ts';
import { type Showing, TableWriter } from './table-writer.ts';
import { TextBlocks, type TextFileFormat, type TextPosition } from './text-blocks.ts';
import { TextColumns } from './text-columns.ts';
import { settleTypes, TypesUnsettled, textGroups } from './text-groups.ts';

/** Of one publication: large enough to be cheap, small enough to be made while another one is sent. */
const GROUP_BYTES = 8 * 1024 * 1024;
/** How long rows of a stream wait for more, so that many of them go together. */
const STREAM_DELAY_MS = 50;

export interface PublishInputOptions {
  /** A path, or `-`. */
  readonly name: string;
  readonly stdin: Readable;
  /** The file, where it is open already. */
  readonly file?: FileHandle;
  readonly format?: FileFormat;
  readonly table: string;
  readonly op: Op;
  readonly key: readonly string[];
  readonly commit: 'auto' | 'hold';
  readonly pace: Pace | null;
  readonly gateway: GatewayClient;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The file is read on from where it was read to. */
  readonly resume?: ReadTo;
  /** Whether a last line that does not end is left alone, for it is still being written. */
  readonly leavesOpenLine?: boolean;
  /** Before the first group. */
  readonly onWriter?: (writer: TableWriter) => void;
}

/** How far a text that can be read on was read, and its columns. */
export interface ReadTo {
  readonly position: TextPosition;
  readonly columns: TextColumns;
  readonly format: TextFileFormat;
}

export interface PublishedInput {
  /** null where there was nothing to publish. */
  readonly acknowledgement: Acknowledgement | null;
  /** null where the input cannot be read on: compressed, JSON, Arrow. */
  readonly readTo: ReadTo | null;
}

/**
 * Publishes a file, or what comes from the standard input, to a table. A file's rows show all at once, a stream's as they come.
 *
 * @throws TablecastError of reading, of the rows and of the gateway; `GatewayUnreachable`
 */
export async function publishInput(options: PublishInputOptions): Promise<PublishedInput> {
  const publishing = new Publishing(options, await open(options));
  try {
    return await publishing.run();
  } finally {
    await publishing.close();
  }
}

function open(options: PublishInputOptions): Promise<Input> {
  const { name, stdin, file, resume, signal } = options;
  const format = resume?.format ?? options.format;
  const startBytes = resume?.position.bytes ?? 0;
  return openInput({
    name,
    stdin,
    startBytes,
    signal,
    ...(file === undefined ? {} : { file }),
    ...(format === undefined ? {} : { format }),
  });
}

class Publishing {
  readonly #options: PublishInputOptions;
  readonly #writer: TableWriter;
  readonly #isStream: boolean;
  #input: Input;

  constructor(options: PublishInputOptions, input: Input) {
    this.#options = options;
    this.#input = input;
    this.#isStream = input.sizeBytes === null;
    const { gateway, table, op, key, progress, resume } = options;
    this.#writer = new TableWriter({
      gateway,
      table,
      // What was read on is added.
      op: resume !== undefined && op === 'replace' ? (key.length === 0 ? 'append' : 'upsert') : op,
      key,
      showing: this.#showing(),
      maxBytes: GROUP_BYTES * 2,
      onWritten: (rowCount) => progress.advance(rowCount, this.#at()),
      onStageFull: () =>
        progress.line(`${table}: the gateway's stage takes no more, so the table shows as it grows.`),
    });
    options.onWriter?.(this.#writer);
  }

  close(): Promise<void> {
    return this.#input.close();
  }

  async run(): Promise<PublishedInput> {
    const { format, compression } = this.#input;
    if (format === 'arrow' || format === 'parquet') {
      await this.#write(format === 'arrow' ? this.#arrowGroups() : await this.#parquetGroups());
      return { acknowledgement: await this.#writer.end(), readTo: null };
    }
    const columns = this.#options.resume?.columns ?? (await this.#columns());
    let blocks = this.#blocks();
    try {
      await this.#write(this.#groups(blocks, columns));
    } catch (error) {
      if (!(error instanceof TypesUnsettled)) throw error;
      blocks = await this.#again(columns);
    }
    const acknowledgement = await this.#writer.end();
    const canResume = compression === null && format !== 'json' && !this.#isStream;
    return { acknowledgement, readTo: canResume ? { position: blocks.position, columns, format } : null };
  }

  #arrowGroups(): AsyncGenerator<RowGroup> {
    const { bytes: input, file } = this.#input;
    return arrowGroups({ input, file, groupBytes: GROUP_BYTES });
  }

  async #parquetGroups(): Promise<AsyncGenerator<RowGroup>> {
    const { file } = this.#input;
    if (file === null) {
      const detail =
        'Parquet is read from its end, so it cannot come from a stream or compressed as a whole; save it to a file, and name that.';
      throw new TablecastError('unsupported_media_type', detail);
    }
    // It takes longer to load than a small file of another format to send.
    const { parquetGroups } = await import('./parquet/parquet-groups.ts');
    return parquetGroups({ ...file, groupBytes: GROUP_BYTES });
  }

  /** Everything once more, with the types of all rows. */
  async #again(columns: TextColumns): Promise<TextBlocks> {
    await this.#writer.restart();
    this.#options.progress.restart();
    await this.#reopen();
    await settleTypes(this.#blocks(), columns);
    await this.#reopen();
    const blocks = this.#blocks();
    await this.#write(this.#groups(blocks, columns));
    return blocks;
  }

  async #reopen(): Promise<void> {
    this.#options.signal.throwIfAborted();
    await this.#input.close();
    this.#input = await open(this.#options);
  }

  #showing(): Showing {
    if (this.#options.commit === 'hold') return 'held';
    return this.#isStream || this.#options.pace !== null ? 'as_they_come' : 'at_end';
  }

  /** Types that the table has stand where rows join it; a table that is replaced keeps them where they fit. */
  async #columns(): Promise<TextColumns> {
    const { gateway, table, op, key } = this.#options;
    const known = op === 'replace' && this.#isStream ? null : await gateway.fields(table);
    return new TextColumns({ known: known ?? [], types: op === 'replace' ? 'preferred' : 'required', key });
  }

  #blocks(): TextBlocks {
    const { resume, leavesOpenLine = false } = this.#options;
    return new TextBlocks({
      input: this.#input.bytes,
      format: this.#input.format as TextFileFormat,
      maxDelayMs: this.#isStream ? STREAM_DELAY_MS : null,
      leavesOpenLine,
      ...(resume === undefined ? {} : { resume: resume.position }),
    });
  }

  #groups(blocks: TextBlocks, columns: TextColumns): AsyncGenerator<RowGroup> {
    const { op, resume, leavesOpenLine = false } = this.#options;
    const isRead = resume !== undefined;
    const isRepeatable = !this.#isStream && !isRead;
    return textGroups({
      blocks,
      columns,
      groupBytes: GROUP_BYTES,
      isRepeatable,
      replaces: op === 'replace' && !isRead,
      skipsEmpty: isRead || leavesOpenLine,
    });
  }

  async #write(groups: AsyncIterable<RowGroup>): Promise<void> {
    const { pace, signal } = this.#options;
    const timed = pace === null ? groups : paced(groups, { pace, signal, nowMs: () => performance.now() });
    for await (const group of timed) {
      signal.throwIfAborted();
      await this.#writer.write(group);
    }
  }

  #at() {
    return { readBytes: this.#input.readBytes(), sizeBytes: this.#input.sizeBytes };
  }
}
