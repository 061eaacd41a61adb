import { byteWidth, type Field } from '../arrow/data-type.ts';
import { type Batch, byteLengthOf, type Vector } from '../arrow/vector.ts';
import { IpcWriter } from '../arrow/write-ipc.ts';
import { TablecastError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { ByteSource } from './byte-source.ts';
import { ColumnPlan } from './column-plan.ts';
import { CsvRows } from './csv-rows.ts';
import { invalidUtf8At } from './invalid-utf8.ts';
import { NdjsonRows, openJson } from './json-rows.ts';
import type { RowSource } from './row-source.ts';

export type TextFormat = 'json' | 'ndjson' | 'csv';

/** What a table says of the rows that are to join it. */
export interface TextRowsTarget {
  /** Its columns: a column of the same name is built as the same type. */
  readonly fields: readonly Field[];
  /** `required`: a value that does not fit is refused; `preferred`: the column's type is inferred then. */
  readonly types: 'required' | 'preferred';
  /** Columns without any value that the table lacks are left out, but for these; `null` where none is. */
  readonly neverLeftOut: readonly string[] | null;
}

const BOM = [0xef, 0xbb, 0xbf];

/**
 * Rows as text, in UTF-8, to one Arrow IPC stream: JSON (an array of records, or an object of columns), one JSON record a line, or CSV with
 * a header line. Columns that the table has get its types, exactly; for others see `InferredType`.
 *
 * @throws TablecastError `bad_body` where it does not parse, `bad_value` where a value does not fit its column, `too_large`
 */
export function textRowsToArrow(
  body: Uint8Array,
  format: TextFormat,
  target: TextRowsTarget,
): Uint8Array<ArrayBuffer> {
  const bytes = BOM.every((byte, i) => body[i] === byte) ? body.subarray(BOM.length) : body;
  if (bytes.length === 0) throw new TablecastError('bad_body', `The body is empty; send rows as ${format}.`);
  const invalidAt = invalidUtf8At(bytes);
  if (invalidAt >= 0) {
    const at = invalidAt + body.length - bytes.length;
    throw new TablecastError('bad_body', `The body is not UTF-8 at byte ${at}.`);
  }
  const source = new ByteSource(bytes);
  const open = () => openRows(format, source);
  return new TextRows(open, bytes.length, target).toArrow();
}

function openRows(format: TextFormat, source: ByteSource): RowSource {
  switch (format) {
    case 'json':
      return openJson(source);
    case 'ndjson':
      return new NdjsonRows(source);
    case 'csv':
      return new CsvRows(source);
  }
}

/** Builds batches of a body's rows: at once with the types that its first rows show, a second time where later ones differ. */
class TextRows {
  readonly #open: () => RowSource;
  readonly #target: TextRowsTarget;
  readonly #maxBytes: number;
  readonly #known: ReadonlyMap<string, Field>;
  #plans: ColumnPlan[] = [];
  #rowCount = 0;

  constructor(open: () => RowSource, bodyBytes: number, target: TextRowsTarget) {
    this.#open = open;
    this.#target = target;
    this.#maxBytes = bodyBytes + LIMITS.maxExpandedBytes;
    this.#known = new Map(target.fields.map((field) => [field.name, field]));
  }

  toArrow(): Uint8Array<ArrayBuffer> {
    let batches = this.#build(false);
    if (batches === null) {
      this.#settleTypes();
      batches = this.#build(true)!;
    }
    if (this.#plans.length === 0) {
      if (this.#rowCount > 0) throw new TablecastError('bad_body', 'The rows of the body have no columns.');
      return new IpcWriter(this.#target.fields).stream([]);
    }
    const columns = this.#columnsSent();
    this.#checkSize(columns.reduce((sum, column) => sum + this.#nullBytes(column), 0) * this.#rowCount);
    const kept = batches.map(({ rowCount, columns: all }) => ({
      rowCount,
      columns: columns.map((i) => all[i]),
    }));
    return new IpcWriter(columns.map((column) => this.#plans[column]!.field())).stream(kept);
  }

  /** null where a column's type has to be settled first. */
  #build(isFinal: boolean): Batch[] | null {
    const rows = this.#open();
    const batches: Batch[] = [];
    let bytes = 0;
    for (const plan of this.#plans) plan.restart();
    this.#rowCount = 0;
    for (let block = rows.next(); block !== null; block = rows.next()) {
      this.#planColumns(rows.names);
      const { rowCount } = block;
      const columns: (Vector | undefined)[] = [];
      for (const [i, cells] of block.columns.entries()) {
        const vector = this.#plans[i]!.build(cells, this.#rowCount, isFinal);
        if (vector === null) return null;
        columns.push(vector);
        bytes += vector === undefined ? rowCount * this.#nullBytes(i) : byteLengthOf(vector, 0, rowCount);
      }
      this.#checkSize(bytes);
      batches.push({ rowCount, columns });
      this.#rowCount += rowCount;
    }
    this.#planColumns(rows.names);
    return batches;
  }

  #settleTypes(): void {
    const rows = this.#open();
    let rowCount = 0;
    for (let block = rows.next(); block !== null; block = rows.next()) {
      this.#planColumns(rows.names);
      for (const [i, cells] of block.columns.entries()) this.#plans[i]!.observe(cells, rowCount);
      rowCount += block.rowCount;
    }
    for (const plan of this.#plans) plan.settle();
  }

  #planColumns(names: readonly string[]): void {
    for (let i = this.#plans.length; i < names.length; i++) {
      const name = names[i]!;
      const known = this.#known.get(name) ?? null;
      this.#plans.push(new ColumnPlan({ name, known, isRequired: this.#target.types === 'required' }));
    }
  }

  #columnsSent(): number[] {
    const all = this.#plans.map((_, i) => i);
    const { neverLeftOut } = this.#target;
    if (neverLeftOut === null) return all;
    const sent = all.filter((i) => {
      const { type, name } = this.#plans[i]!;
      return type !== null || neverLeftOut.includes(name);
    });
    return sent.length === 0 ? all : sent;
  }

  /** What a row costs where it has no value. */
  #nullBytes(column: number): number {
    const { type } = this.#plans[column]!;
    if (type === null || type.kind === 'null') return 0;
    return type.kind === 'bool' ? 1 / 8 : (byteWidth(type) ?? 4);
  }

  #checkSize(bytes: number): void {
    if (bytes <= this.#maxBytes) return;
    throw new TablecastError(
      'too_large',
      `The rows take more than ${this.#maxBytes} bytes as columns, most of them empty cells; send them in parts.`,
    );
  }
}
