import type { DataType, Field } from '../arrow/data-type.ts';
import { isNull, type Vector } from '../arrow/vector.ts';
import { TablecastError } from '../errors.ts';
import { ByteSource } from './byte-source.ts';
import { CellMisfit, rowOfElement, withOuterRows } from './cell-misfit.ts';
import { cellValidity } from './cell-validity.ts';
import { CELL, Cells, LAST_NULL } from './cells.ts';
import { listParts, objectParts } from './json-parts.ts';
import { JsonScanner } from './json-scanner.ts';
import { unescapeInto } from './unescape.ts';

/** How the cells inside of others are built: the function that calls these, handed in so that they need not import it. */
export type BuildColumn = (cells: Cells, type: DataType) => Vector;

/** CSV writes nested values as JSON: its cells as what that JSON is. @throws CellMisfit where a cell is none */
export function jsonCells(cells: Cells): Cells {
  const { length, kinds, starts, ends, source } = cells;
  let bytes = 0;
  let isCsv = false;
  for (let row = 0; row < length; row++) {
    if (kinds[row]! >= CELL.bare) bytes += ends[row]! - starts[row]!;
    isCsv ||= kinds[row] === CELL.empty || kinds[row]! >= CELL.bare;
  }
  if (!isCsv) return cells;
  const text = new Uint8Array(bytes);
  const json = new Cells(new ByteSource(text), length);
  const scanner = new JsonScanner(json.source, 0, 0);
  for (let row = 0; row < length; row++) {
    const kind = kinds[row]!;
    const [start, end] = [starts[row]!, ends[row]!];
    if (kind < CELL.bare) {
      json.push(CELL.none, 0, 0);
      continue;
    }
    scanner.at = scanner.end;
    if (kind === CELL.escapedQuoted)
      scanner.end = unescapeInto(kind, source.bytes, start, end, text, scanner.at);
    else {
      text.set(source.bytes.subarray(start, end), scanner.at);
      scanner.end = scanner.at + end - start;
    }
    asJsonOf(row, () => {
      const jsonKind = scanner.value();
      json.push(jsonKind, scanner.start, scanner.stop);
      scanner.finish();
    });
  }
  return json;
}

/** What is no JSON inside of a CSV cell is that cell's fault, not the body's. */
function asJsonOf(row: number, work: () => void): void {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof TablecastError && thrown.code === 'bad_body')
      throw new CellMisfit(row, 'is not JSON');
    throw thrown;
  }
}

function requireKind(cells: Cells, kind: number, reason: string): void {
  for (let row = 0; row < cells.length; row++) {
    if (cells.kinds[row]! > LAST_NULL && cells.kinds[row] !== kind) throw new CellMisfit(row, reason);
  }
}

export function listColumn(cells: Cells, field: Field, build: BuildColumn): Vector {
  requireKind(cells, CELL.list, 'is not a list');
  const { offsets, child } = listParts(cells);
  const values = withOuterRows(
    (element) => rowOfElement(offsets, element),
    () => build(child, field.type),
  );
  return { layout: 'list', length: cells.length, validity: cellValidity(cells), offsets, child: values };
}

export function fixedListColumn(cells: Cells, field: Field, size: number, build: BuildColumn): Vector {
  requireKind(cells, CELL.list, 'is not a list');
  const { offsets, child } = listParts(cells);
  const padded = new Cells(cells.source, cells.length * size);
  for (let row = 0; row < cells.length; row++) {
    const from = offsets[row]!;
    const count = offsets[row + 1]! - from;
    if (count === size) {
      for (let i = from; i < from + size; i++)
        padded.push(child.kinds[i] as typeof CELL.none, child.starts[i]!, child.ends[i]!);
    } else if (cells.kinds[row]! > LAST_NULL) throw new CellMisfit(row, `has ${count} elements`);
    else for (let i = 0; i < size; i++) padded.push(CELL.none, 0, 0);
  }
  const values = withOuterRows(
    (element) => Math.floor(element / size),
    () => build(padded, field.type),
  );
  return { layout: 'fixed_list', length: cells.length, validity: cellValidity(cells), size, child: values };
}

export function structColumn(cells: Cells, fields: readonly Field[], build: BuildColumn): Vector {
  requireKind(cells, CELL.object, 'is not an object');
  const { names, columns } = objectParts(cells);
  names.forEach((name, i) => {
    if (fields.some((field) => field.name === name)) return;
    const row = columns[i]!.kinds.findIndex((kind) => kind !== CELL.none);
    throw new CellMisfit(row, `has ${JSON.stringify(name.slice(0, 64))}, which the type has not`);
  });
  const absent = absentCells(cells);
  const children = fields.map((field) => build(columns[names.indexOf(field.name)] ?? absent, field.type));
  return { layout: 'struct', length: cells.length, validity: cellValidity(cells), children };
}

/** Arrays of pairs: `[["a", 1], ["b", 2]]`. */
export function mapColumn(cells: Cells, entries: Field, build: BuildColumn): Vector {
  requireKind(cells, CELL.list, 'is not an array of [key, value] pairs');
  const { offsets, child: pairs } = listParts(cells);
  const [keyField, valueField] = entries.type.kind === 'struct' ? entries.type.children : [];
  if (keyField === undefined || valueField === undefined) throw new CellMisfit(0);
  const child = withOuterRows(
    (pair) => rowOfElement(offsets, pair),
    () => {
      const { keys, values } = splitPairs(pairs);
      const keyVector = build(keys, keyField.type);
      for (let i = 0; i < keys.length; i++)
        if (isNull(keyVector, i)) throw new CellMisfit(i, 'has a key that is null');
      const children = [keyVector, build(values, valueField.type)];
      return { layout: 'struct', length: pairs.length, validity: null, children } as const;
    },
  );
  return { layout: 'list', length: cells.length, validity: cellValidity(cells), offsets, child };
}

function splitPairs(pairs: Cells): { keys: Cells; values: Cells } {
  const { offsets, child } = listParts(pairs);
  const keys = new Cells(pairs.source, pairs.length);
  const values = new Cells(pairs.source, pairs.length);
  for (let i = 0; i < pairs.length; i++) {
    const from = offsets[i]!;
    if (offsets[i + 1]! - from !== 2) throw new CellMisfit(i, 'is not an array of [key, value] pairs');
    keys.push(child.kinds[from] as typeof CELL.none, child.starts[from]!, child.ends[from]!);
    values.push(child.kinds[from + 1] as typeof CELL.none, child.starts[from + 1]!, child.ends[from + 1]!);
  }
  return { keys, values };
}

const INTERVAL_PARTS = {
  year_month: [['months', 0, 32]],
  day_time: [
    ['days', 0, 32],
    ['milliseconds', 4, 32],
  ],
  month_day_nano: [
    ['months', 0, 32],
    ['days', 4, 32],
    ['nanoseconds', 8, 64],
  ],
} as const;

/** Objects with all of the unit's parts: `{"months": 1, "days": 2, "nanoseconds": 3}`. */
export function intervalColumn(cells: Cells, unit: keyof typeof INTERVAL_PARTS, build: BuildColumn): Vector {
  const parts = INTERVAL_PARTS[unit];
  const fields = parts.map(([name, , bits]) => ({
    name,
    type: { kind: 'int', bits, signed: true } as const,
    nullable: false,
    metadata: new Map<string, string>(),
  }));
  const struct = structColumn(cells, fields, build);
  const width = { year_month: 4, day_time: 8, month_day_nano: 16 }[unit];
  const bytes = new Uint8Array(cells.length * width);
  if (struct.layout !== 'struct') return struct;
  parts.forEach(([name, at, bits], i) => {
    const part = struct.children[i]!;
    if (part.layout !== 'fixed') return;
    const size = bits / 8;
    for (let row = 0; row < cells.length; row++) {
      if (isNull(struct, row)) continue;
      if (isNull(part, row)) throw new CellMisfit(row, `has no ${name}`);
      bytes.set(part.bytes.subarray(row * size, (row + 1) * size), row * width + at);
    }
  });
  return { layout: 'fixed', length: cells.length, validity: struct.validity, width, bytes };
}

function absentCells({ source, length }: Cells): Cells {
  const absent = new Cells(source, length);
  absent.length = length;
  return absent;
}
