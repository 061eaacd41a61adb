import { cellJson } from '../../protocol/arrow/cell-text.ts';
import { type CellValue, cellValue } from '../../protocol/arrow/cell-value.ts';
import type { Field } from '../../protocol/arrow/data-type.ts';
import { type Batch, sliceVector } from '../../protocol/arrow/vector.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';

/** A row by its columns' names. */
export type Row = { readonly [column: string]: CellValue };

/** Rows as they were when they were asked for: what comes later does not change them. */
export class Rows implements Iterable<Row> {
  readonly fields: readonly Field[];
  /** Their columns stand in the order of `fields`. */
  readonly batches: readonly Batch[];
  readonly length: number;

  constructor(fields: readonly Field[], batches: readonly Batch[]) {
    this.fields = fields;
    this.batches = batches;
    this.length = batches.reduce((rows, batch) => rows + batch.rowCount, 0);
  }

  /** Row after row, with exact values: see {@link CellValue}. */
  *[Symbol.iterator](): IterableIterator<Row> {
    for (const batch of this.batches) {
      for (let row = 0; row < batch.rowCount; row++)
        yield Object.fromEntries(
          this.fields.map((field, i) => [field.name, cellValue(field.type, batch.columns[i], row)]),
        );
    }
  }

  /** The last of them, at most so many. */
  last(count: number): Rows {
    let skipped = Math.max(0, this.length - count);
    if (skipped === 0) return this;
    const batches = this.batches.flatMap(({ rowCount, columns }) => {
      const start = Math.min(skipped, rowCount);
      skipped -= start;
      if (start === rowCount) return [];
      const kept = columns.map((column) => column && sliceVector(column, start, rowCount));
      return [{ rowCount: rowCount - start, columns: kept }];
    });
    return new Rows(this.fields, batches);
  }

  toArray(): Row[] {
    return [...this];
  }

  /** One JSON object a row, values as the gateway's `.json` has them. */
  *json(): IterableIterator<string> {
    const names = this.fields.map((field) => `${JSON.stringify(field.name)}:`);
    for (const batch of this.batches) {
      for (let row = 0; row < batch.rowCount; row++) {
        const members = this.fields.map(
          (field, i) => names[i]! + cellJson(field.type, batch.columns[i], row),
        );
        yield `{${members.join(',')}}`;
      }
    }
  }

  /** A complete Arrow IPC stream, which any Arrow library reads: `tableFromIPC(rows.toArrow())`. */
  toArrow(): Uint8Array {
    return new IpcWriter(this.fields).stream(this.batches);
  }
}
