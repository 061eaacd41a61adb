import type { ColumnBuilder } from '../arrow/column-builder.ts';
import { createColumnBuilder } from '../arrow/create-column-builder.ts';
import type { DataType } from '../arrow/data-type.ts';
import { type Batch, sliceVector, type Vector } from '../arrow/vector.ts';
import { Segment, type WrittenRun } from './segment.ts';

/** Rows per segment; a position is a segment's id times this, plus the row's offset there. */
export const SEGMENT_ROWS = 1 << 16;
/** A batch of at least this many rows is taken over as it is; smaller ones are copied to the end of the open segment. */
const ADOPT_ROWS = 2048;
/** The open segment is closed beyond this, so that 32-bit offsets suffice in every column. */
const OPEN_SEGMENT_BYTES = 64 * 1024 * 1024;

/** Rows by their positions: a log's, or those of a log at one moment. */
export interface RowSource {
  readonly types: readonly DataType[];
  segmentAt(position: number): Pick<Segment, 'columns'>;
}

/** Rows as they were when they were asked for, whatever is written meanwhile; to be gone through once. */
export interface LazyRows {
  readonly rowCount: number;
  readonly batches: Iterable<Batch>;
}

/** Where consecutive rows of one append came to lie. */
export interface Placed {
  readonly segment: Segment;
  readonly from: number;
  readonly count: number;
}

/**
 * The rows of a table in the order in which they were written, in segments of at most {@link SEGMENT_ROWS} rows.
 *
 * Rows never change: writing a key again writes a new row. So the rows written after a version are the end of this log,
 * the rows written longest ago are its beginning, and both are found without looking at the rest.
 */
export class RowLog implements RowSource {
  readonly #types: DataType[];
  readonly #byId: (Segment | undefined)[] = [];
  readonly #freeIds: number[] = [];
  /** In write order. */
  readonly segments: Segment[] = [];
  #open: { readonly segment: Segment; readonly builders: ColumnBuilder[] } | null = null;

  constructor(types: readonly DataType[]) {
    this.#types = [...types];
  }

  get types(): readonly DataType[] {
    return this.#types;
  }

  /** Rows written so far have no value in the new column. */
  addColumn(type: DataType): void {
    this.#types.push(type);
    this.#open = null;
  }

  segmentAt(position: number): Segment {
    return this.#byId[position >>> 16]!;
  }

  /** The rows as they are now: compaction gives a segment other columns, and changes none of those that it had. */
  frozen(): RowSource {
    const columnsById = this.#byId.map((segment) => segment?.columns ?? []);
    return {
      types: [...this.#types],
      segmentAt: (position) => ({ columns: columnsById[position >>> 16]! }),
    };
  }

  /** Every segment's id is below it. */
  get idLimit(): number {
    return this.#byId.length;
  }

  /** Counts rows that died, by their segment's id. */
  bury(died: Int32Array): void {
    for (const segment of this.segments) segment.liveCount -= died[segment.id]!;
  }

  /** Appends rows whose columns stand in this log's order; `rowCount` of them. */
  append(batch: Batch, version: number, timeMs: number): Placed[] {
    if (batch.rowCount === 0) return [];
    return batch.rowCount >= ADOPT_ROWS
      ? this.#adopt(batch, version, timeMs)
      : this.#copy(batch, version, timeMs);
  }

  #adopt(batch: Batch, version: number, timeMs: number): Placed[] {
    this.#open = null;
    const placed: Placed[] = [];
    for (let start = 0; start < batch.rowCount; start += SEGMENT_ROWS) {
      const end = Math.min(start + SEGMENT_ROWS, batch.rowCount);
      const whole = start === 0 && end === batch.rowCount;
      const columns = batch.columns.map((vector) =>
        whole || vector === undefined ? vector : sliceVector(vector, start, end),
      );
      const segment = this.#addSegment(columns);
      segment.grow(end - start, version, timeMs);
      placed.push({ segment, from: 0, count: end - start });
    }
    return placed;
  }

  #copy(batch: Batch, version: number, timeMs: number): Placed[] {
    const placed: Placed[] = [];
    for (let start = 0; start < batch.rowCount; ) {
      if (this.#open === null || this.#open.segment.rowCount === SEGMENT_ROWS) this.#open = this.#newOpen();
      const { segment, builders } = this.#open;
      const from = segment.rowCount;
      const count = Math.min(SEGMENT_ROWS - from, batch.rowCount - start);
      builders.forEach((builder, i) => {
        builder.appendRange(batch.columns[i], start, start + count);
      });
      segment.grow(count, version, timeMs);
      placed.push({ segment, from, count });
      start += count;
    }
    if (this.#open !== null && this.#open.segment.bytes() > OPEN_SEGMENT_BYTES) this.#open = null;
    return placed;
  }

  /** Appends rows that several commits wrote, `runs` of them together as long as the batch. */
  appendRuns(batch: Batch, runs: readonly WrittenRun[]): Placed[] {
    const placed: Placed[] = [];
    if (batch.rowCount >= ADOPT_ROWS && batch.rowCount <= SEGMENT_ROWS) {
      this.#open = null;
      const segment = this.#addSegment(batch.columns);
      for (const { rows, version, timeMs } of runs) segment.grow(rows, version, timeMs);
      return [{ segment, from: 0, count: batch.rowCount }];
    }
    let start = 0;
    for (const { rows, version, timeMs } of runs) {
      const columns = batch.columns.map((column) => column && sliceVector(column, start, start + rows));
      placed.push(...this.#copy({ rowCount: rows, columns }, version, timeMs));
      start += rows;
    }
    return placed;
  }

  #newOpen(): { segment: Segment; builders: ColumnBuilder[] } {
    const builders = this.#types.map((type) => createColumnBuilder(type));
    return { segment: this.#addSegment(builders.map((builder) => builder.vector)), builders };
  }

  #addSegment(columns: readonly (Vector | undefined)[]): Segment {
    const id = this.#freeIds.pop() ?? this.#byId.length;
    const segment = new Segment(id, columns);
    this.#byId[id] = segment;
    this.segments.push(segment);
    return segment;
  }

  /** Forgets the segments that hold nothing any more, wherever they stand. */
  dropEmptySegments(): void {
    let kept = 0;
    for (const segment of this.segments) {
      if (segment.liveCount > 0) this.segments[kept++] = segment;
      else this.#forget(segment);
    }
    this.segments.length = kept;
  }

  #forget(segment: Segment): void {
    if (this.#open?.segment === segment) this.#open = null;
    this.#byId[segment.id] = undefined;
    this.#freeIds.push(segment.id);
  }

  /** Whether rows may still be added to the segment. */
  isOpen(segment: Segment): boolean {
    return this.#open?.segment === segment;
  }

  /** Gathers live rows of segments that stand side by side into the last of them; positions of these rows must be renewed. */
  merge(sources: readonly { readonly segment: Segment; readonly rows: Int32Array }[]): void {
    const target = sources.at(-1)!.segment;
    const total = sources.reduce((sum, source) => sum + source.rows.length, 0);
    const columns = this.#types.map((type, i) => {
      const builder = createColumnBuilder(type, total);
      for (const { segment, rows } of sources) builder.appendRows(segment.columns[i], rows, 0, rows.length);
      return builder.vector;
    });
    target.rewrite(columns, sources);
    for (const { segment } of sources) if (segment !== target) segment.liveCount = 0;
  }

  /** Rows held, dead ones included. */
  get rowCount(): number {
    return this.segments.reduce((rows, segment) => rows + segment.rowCount, 0);
  }

  /** Bytes held, those of dead rows included. */
  get bytes(): number {
    let bytes = 0;
    for (const segment of this.segments) bytes += segment.bytes();
    return bytes;
  }
}
