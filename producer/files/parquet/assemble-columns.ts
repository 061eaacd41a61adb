import { NO_ROW } from '../../../protocol/arrow/column-builder.ts';
import { createColumnBuilder } from '../../../protocol/arrow/create-column-builder.ts';
import type { Vector } from '../../../protocol/arrow/vector.ts';
import { TablecastError } from '../../../protocol/errors.ts';
import type { LeafRows } from './leaf-reader.ts';
import type { ColumnNode, Leaf, Levels } from './parquet-schema.ts';

/** The levels of a row. */
export const ROW: Levels = { definition: 0, repetition: 0 };

/**
 * Makes a column of its values and their levels (Dremel: "Interactive Analysis of Web-Scale Datasets", section 4.3). An entry begins a
 * value of a node where it is repeated at or above the list that the node is in, and that list has an item there.
 */
export function assembleColumn(node: ColumnNode, rowsOf: (leaf: Leaf) => LeafRows, above: Levels): Vector {
  const entries = rowsOf(node.leaf);
  switch (node.kind) {
    case 'leaf':
      return leafColumn(node, entries, above);
    case 'struct': {
      const children = node.children.map((child) => assembleColumn(child, rowsOf, above));
      const length = children[0]!.length;
      if (children.some((child) => child.length !== length)) throw uneven(node);
      const validity = node.field.nullable
        ? presence(entries, above, node.levels.definition, length, node.leaf)
        : null;
      return { layout: 'struct', length, validity, children };
    }
    case 'list':
      return listColumn(node, entries, rowsOf, above);
  }
}

function uneven({ field }: ColumnNode): TablecastError {
  return new TablecastError('bad_body', `The parts of the column "${field.name}" have different lengths.`);
}

type Begins = (entry: number) => boolean;

/** Whether an entry begins a value of a node with these levels above it. */
function beginsAt({ definitions, repetitions }: LeafRows, { definition, repetition }: Levels): Begins {
  return (i) =>
    (repetitions === null || repetitions[i]! <= repetition) &&
    (definitions === null || definitions[i]! >= definition);
}

function leafColumn({ field, leaf }: ColumnNode, entries: LeafRows, above: Levels): Vector {
  const { definitions, entryCount, values } = entries;
  if (definitions === null) return values;
  const begins = beginsAt(entries, above);
  const rows = new Int32Array(entryCount);
  const highest = leaf.levels.definition;
  let length = 0;
  let value = 0;
  for (let i = 0; i < entryCount; i++) {
    const row = definitions[i] === highest ? value++ : NO_ROW;
    if (begins(i)) rows[length++] = row;
  }
  if (value === length && value === values.length) return values;
  const builder = createColumnBuilder(field.type, length);
  builder.appendRows(values, rows, 0, length);
  return builder.vector;
}

function presence(
  entries: LeafRows,
  above: Levels,
  definition: number,
  length: number,
  leaf: Leaf,
): Uint8Array | null {
  const { definitions, entryCount } = entries;
  if (definitions === null) return null;
  const begins = beginsAt(entries, above);
  const bits = new Uint8Array((length + 7) >> 3);
  let row = 0;
  for (let i = 0; i < entryCount; i++) {
    if (!begins(i)) continue;
    if (definitions[i]! >= definition) bits[row >> 3]! |= 1 << (row & 7);
    row++;
  }
  if (row !== length)
    throw new TablecastError('bad_body', `The column "${leaf.element.name}" has ${row} rows, not ${length}.`);
  return bits;
}

function listColumn(
  node: Extract<ColumnNode, { kind: 'list' }>,
  entries: LeafRows,
  rowsOf: (leaf: Leaf) => LeafRows,
  above: Levels,
): Vector {
  const child = assembleColumn(node.child, rowsOf, node.itemLevels);
  const begins = beginsAt(entries, above);
  const beginsItem = beginsAt(entries, node.itemLevels);
  const offsets = new Int32Array(entries.entryCount + 1);
  let length = 0;
  let items = 0;
  for (let i = 0; i < entries.entryCount; i++) {
    if (begins(i)) offsets[length++] = items;
    if (beginsItem(i)) items++;
  }
  offsets[length] = items;
  if (items !== child.length) throw uneven(node);
  const validity = node.field.nullable
    ? presence(entries, above, node.levels.definition, length, node.leaf)
    : null;
  return { layout: 'list', length, validity, offsets: offsets.subarray(0, length + 1), child };
}
