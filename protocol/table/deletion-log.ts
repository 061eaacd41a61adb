import { createColumnBuilder } from '../arrow/create-column-builder.ts';
import type { DataType } from '../arrow/data-type.ts';
import type { Batch } from '../arrow/vector.ts';
import { readRange } from './gather.ts';
import { RowLog } from './row-log.ts';
import { RowsCut, type WrittenRows } from './rows-cut.ts';

/** The keys that a table deleted, in order, each with the version that did it; the oldest are forgotten first. */
export class DeletionLog {
  readonly #log: RowLog;

  constructor(types: readonly DataType[]) {
    this.#log = new RowLog(types);
  }

  get bytes(): number {
    return this.#log.bytes;
  }

  append(keys: Batch, version: number, timeMs: number): void {
    this.#log.append(keys, version, timeMs);
  }

  /** Appends those rows of the batch that `rows` names. */
  appendRows(keys: Batch, rows: Int32Array, version: number, timeMs: number): void {
    if (rows.length === keys.rowCount) return this.append(keys, version, timeMs);
    const columns = this.#log.types.map((type, i) => {
      const builder = createColumnBuilder(type, rows.length);
      builder.appendRows(keys.columns[i], rows, 0, rows.length);
      return builder.vector;
    });
    this.append({ rowCount: rows.length, columns }, version, timeMs);
  }

  readAfter(version: number): Batch[] {
    const columns = this.#log.types.map((_, i) => i);
    return this.#log.segments.flatMap((segment) => {
      const from = segment.firstRowAfter(version);
      return from < segment.rowCount ? [readRange(segment, columns, from, segment.rowCount)] : [];
    });
  }

  cut(): RowsCut {
    return new RowsCut(this.#log, null);
  }

  /** Appends what another log's {@link cut} gave. */
  restore({ batch, runs }: WrittenRows): void {
    this.#log.appendRuns(batch, runs);
  }

  /** Forgets whole segments that hold nothing after the version. */
  forgetThrough(version: number): void {
    for (const segment of this.#log.segments) if (segment.lastVersion <= version) segment.liveCount = 0;
    this.#log.dropEmptySegments();
  }
}
