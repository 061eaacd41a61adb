import { TablecastError } from '../errors.ts';
import { BatchBody } from './batch-body.ts';
import { alignedTo, checkedOffsets, toInts } from './buffer-views.ts';
import { createColumnBuilder } from './create-column-builder.ts';
import { byteWidth } from './data-type.ts';
import { gatherDictionary, gatherListView, gatherRunEnds, readViews } from './expand.ts';
import type { ExpansionBudget } from './expansion-budget.ts';
import type { FlatTable } from './flat-table.ts';
import { type IpcMessage, METADATA_V5 } from './ipc-message.ts';
import type { Batch, Vector } from './vector.ts';
import type { WireField } from './wire-schema.ts';

/** Dictionaries by id, already in their table layout. */
export type Dictionaries = Map<number, Vector>;

/**
 * Reads one record batch (`Message.fbs`) into table layouts. Every length, offset and index is checked against the body
 * before a value is touched; buffers are shared with the message where their layout allows it.
 *
 * @throws TablecastError `arrow_invalid`, `arrow_unsupported`, `too_large`; a RangeError where metadata points outside itself
 */
export function readRecordBatch(
  message: IpcMessage,
  batch: FlatTable,
  fields: readonly WireField[],
  dictionaries: Dictionaries,
  budget: ExpansionBudget,
): Batch {
  const reader = new BatchReader(message, batch, dictionaries, budget);
  const rowCount = reader.rowCount;
  const columns = fields.map((field) => reader.column(field, rowCount));
  reader.end();
  return { rowCount, columns };
}

class BatchReader {
  readonly rowCount: number;
  readonly #batch: FlatTable;
  readonly #body: BatchBody;
  readonly #version: number;
  readonly #dictionaries: Dictionaries;
  readonly #budget: ExpansionBudget;
  readonly #nodes: { start: number; length: number };
  #variadicCounts: number[] | null = null;
  #node = 0;
  #variadic = 0;

  constructor(message: IpcMessage, batch: FlatTable, dictionaries: Dictionaries, budget: ExpansionBudget) {
    this.#batch = batch;
    this.#body = new BatchBody(message.body, batch, budget);
    this.#version = message.version;
    this.#dictionaries = dictionaries;
    this.#budget = budget;
    this.#nodes = batch.vector(1, 16);
    this.rowCount = batch.int64(0);
    this.#body.claim(this.rowCount, 'The record batch');
  }

  /** The next column in depth-first order; `wanted` rows for a top-level column, any number for a child. */
  column(wire: WireField, wanted: number | null): Vector {
    const name = wire.field.name;
    const { length, nullCount } = this.#nextNode(name);
    if (wanted !== null && length < wanted) {
      throw new TablecastError(
        'arrow_invalid',
        `The column "${name}" has ${length} rows where ${wanted} are needed.`,
      );
    }
    if (wire.dictionary !== null) return this.#dictionaryColumn(wire, length, nullCount);
    if (wire.encoding === 'run_end') return this.#runEndColumn(wire, length);
    return this.#valueColumn(wire, length, nullCount);
  }

  end(): void {
    if (this.#node !== this.#nodes.length) {
      throw new TablecastError(
        'arrow_invalid',
        `The record batch has ${this.#nodes.length} field nodes, its schema needs ${this.#node}.`,
      );
    }
    this.#body.end();
  }

  #valueColumn(wire: WireField, length: number, nullCount: number): Vector {
    const { type, name } = wire.field;
    if (type.kind === 'null') return { layout: 'null', length };
    if (type.kind === 'union') return this.#unionColumn(wire, length);
    const validity = this.#validity(length, nullCount, name);
    switch (type.kind) {
      case 'bool':
        return { layout: 'bool', length, validity, bits: this.#sized((length + 7) >> 3, name) };
      case 'utf8':
      case 'binary':
        if (wire.encoding === 'view') {
          const views = this.#sized(length * 16, name);
          const data = Array.from({ length: this.#nextVariadicCount(name) }, () => this.#body.next(name));
          return readViews(views, data, length, validity, name, this.#budget);
        }
        return { layout: 'bytes', length, validity, ...this.#bytes(wire.large, length, name) };
      case 'list':
      case 'map':
        return this.#listColumn(wire, length, validity);
      case 'fixed_size_list':
        return {
          layout: 'fixed_list',
          length,
          validity,
          size: type.size,
          child: this.column(childAt(wire, 0), length * type.size),
        };
      case 'struct':
        return {
          layout: 'struct',
          length,
          validity,
          children: wire.children.map((child) => this.column(child, length)),
        };
      default: {
        const width = byteWidth(type) ?? 0;
        const bytes = alignedTo(this.#sized(length * width, name), width);
        return { layout: 'fixed', length, validity, width, bytes };
      }
    }
  }

  #bytes(large: boolean, length: number, name: string): { offsets: Int32Array; data: Uint8Array } {
    const raw = this.#offsets(large, length, name);
    const data = this.#body.next(name);
    return { offsets: checkedOffsets(raw, length, data.length, name), data };
  }

  #listColumn(wire: WireField, length: number, validity: Uint8Array | null): Vector {
    const name = wire.field.name;
    if (wire.encoding === 'view') {
      const width = wire.large ? 8 : 4;
      const offsets = toInts(this.#sized(length * width, name), wire.large, length, name);
      const sizes = toInts(this.#sized(length * width, name), wire.large, length, name);
      const child = this.column(childAt(wire, 0), null);
      return gatherListView(
        offsets,
        sizes,
        child,
        childAt(wire, 0).field.type,
        length,
        validity,
        name,
        this.#budget,
      );
    }
    const raw = this.#offsets(wire.large, length, name);
    const child = this.column(childAt(wire, 0), null);
    return {
      layout: 'list',
      length,
      validity,
      offsets: checkedOffsets(raw, length, child.length, name),
      child,
    };
  }

  /** Sparse unions become dense ones: row i of its child is row i of the union. */
  #unionColumn(wire: WireField, length: number): Vector {
    const { type, name } = wire.field;
    if (type.kind !== 'union') throw new TypeError('The field is no union.');
    if (this.#version < METADATA_V5) this.#body.next(name);
    const typeIds = this.#sized(length, name);
    const rawOffsets =
      wire.encoding === 'sparse' ? null : toInts(this.#sized(length * 4, name), false, length, name);
    const children = wire.children.map((child) => this.column(child, rawOffsets === null ? length : null));
    const childIndexes = new Int8Array(length);
    const offsets = rawOffsets ?? Int32Array.from({ length }, (_, i) => i);
    for (let i = 0; i < length; i++) {
      const index = type.typeIds.indexOf(typeIds[i]!);
      const child = children[index];
      if (child === undefined || offsets[i]! < 0 || offsets[i]! >= child.length) {
        throw new TablecastError(
          'arrow_invalid',
          `The column "${name}" points outside its children at row ${i}.`,
        );
      }
      childIndexes[i] = index;
    }
    return { layout: 'union', length, childIndexes, offsets, children };
  }

  #dictionaryColumn(wire: WireField, length: number, nullCount: number): Vector {
    const { name, type } = wire.field;
    const { id, index } = wire.dictionary!;
    const validity = this.#validity(length, nullCount, name);
    const indexes = this.#sized((length * index.bits) / 8, name);
    const dictionary = this.#dictionaries.get(id) ?? createColumnBuilder(type).vector;
    return gatherDictionary({
      dictionary,
      indexes: alignedTo(indexes, index.bits / 8),
      index,
      validity,
      length,
      type,
      name,
      budget: this.#budget,
    });
  }

  #runEndColumn(wire: WireField, length: number): Vector {
    const runEnds = this.column(childAt(wire, 0), null);
    const values = this.column(childAt(wire, 1), null);
    return gatherRunEnds(runEnds, values, wire.field.type, length, wire.field.name, this.#budget);
  }

  #nextNode(name: string): { length: number; nullCount: number } {
    if (this.#node >= this.#nodes.length) {
      throw new TablecastError(
        'arrow_invalid',
        `The record batch has no field node for the column "${name}".`,
      );
    }
    const at = this.#nodes.start + 16 * this.#node++;
    const length = this.#batch.int64At(at);
    this.#body.claim(length, `The column "${name}"`);
    return { length, nullCount: this.#batch.int64At(at + 8) };
  }

  #nextVariadicCount(name: string): number {
    this.#variadicCounts ??= this.#batch.int64s(4);
    const count = this.#variadicCounts[this.#variadic++];
    if (count === undefined || count < 0 || count > this.#body.bufferCount) {
      throw new TablecastError(
        'arrow_invalid',
        `The record batch does not say how many data buffers the column "${name}" has.`,
      );
    }
    return count;
  }

  /** The next buffer, which must have `byteLength` bytes at least. */
  #sized(byteLength: number, name: string): Uint8Array {
    const buffer = this.#body.next(name);
    if (buffer.length < byteLength) {
      throw new TablecastError(
        'arrow_invalid',
        `A buffer of the column "${name}" has ${buffer.length} bytes where ${byteLength} are needed.`,
      );
    }
    return buffer;
  }

  #validity(length: number, nullCount: number, name: string): Uint8Array | null {
    const buffer = this.#body.next(name);
    if (nullCount === 0) return null;
    const needed = (length + 7) >> 3;
    if (buffer.length >= needed) return buffer;
    if (nullCount < 0 && buffer.length === 0) return null;
    throw new TablecastError(
      'arrow_invalid',
      `The column "${name}" has ${nullCount} nulls and a validity bitmap of ${buffer.length} bytes.`,
    );
  }

  /** `length + 1` offsets as they lie; an empty buffer stands for a column of no rows. */
  #offsets(large: boolean, length: number, name: string): Int32Array {
    const buffer = this.#body.next(name);
    if (length === 0 && buffer.length === 0) return new Int32Array(1);
    const width = large ? 8 : 4;
    if (buffer.length < (length + 1) * width) {
      throw new TablecastError(
        'arrow_invalid',
        `The offsets of the column "${name}" have ${buffer.length} bytes where ${(length + 1) * width} are needed.`,
      );
    }
    return toInts(buffer, large, length + 1, name);
  }
}

function childAt(wire: WireField, index: number): WireField {
  const child = wire.children[index];
  if (child === undefined)
    throw new TablecastError('arrow_invalid', `The column "${wire.field.name}" lacks a child.`);
  return child;
}
