import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { parquetSchema as treeOf } from 'hyparquet';
import type { DataType, Field } from '../../../protocol/arrow/data-type.ts';
import { distinctNames } from '../../../protocol/arrow/distinct-names.ts';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import { TablecastError } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { parquetType } from './parquet-types.ts';

/** How deep a value is there (definition level), and at which list it is repeated (repetition level). */
export interface Levels {
  readonly definition: number;
  readonly repetition: number;
}

/** A column of values, as it lies in each row group. */
export interface Leaf {
  /** Its place among a row group's columns. */
  readonly index: number;
  readonly element: SchemaElement;
  readonly type: DataType;
  /** Of a value that is there. */
  readonly levels: Levels;
}

/** A column or a part of it, and the levels from which on it is there. `leaf`: one of those below, which have one structure. */
export type ColumnNode =
  | { readonly kind: 'leaf'; readonly field: Field; readonly leaf: Leaf }
  | {
      readonly kind: 'struct';
      readonly field: Field;
      readonly leaf: Leaf;
      readonly levels: Levels;
      readonly children: readonly ColumnNode[];
    }
  | {
      /** A map too, whose items are its pairs. */
      readonly kind: 'list';
      readonly field: Field;
      readonly leaf: Leaf;
      readonly levels: Levels;
      /** Of an item. */
      readonly itemLevels: Levels;
      readonly child: ColumnNode;
    };

export interface ParquetSchema {
  readonly columns: readonly ColumnNode[];
  readonly leaves: readonly Leaf[];
}

/**
 * The columns of a Parquet file (parquet-format, "Nested types", with the older forms of lists). Zones, durations and field metadata
 * are as the Arrow schema says that many writers add.
 *
 * @throws TablecastError `unsupported_media_type`, `too_large`
 */
export function readParquetSchema(metadata: FileMetaData): ParquetSchema {
  const root = treeOf(metadata);
  const builder = new SchemaBuilder();
  const columns = root.children.map((tree) => builder.node(tree, { definition: 0, repetition: 0 }, [root]));
  const names = distinctNames(columns.map(({ field }) => field.name));
  const hints = arrowFields(metadata);
  return {
    columns: columns.map((node, i) =>
      withHint({ ...node, field: { ...node.field, name: names[i]! } }, hints),
    ),
    leaves: builder.leaves,
  };
}

class SchemaBuilder {
  readonly leaves: Leaf[] = [];

  node(tree: SchemaTree, above: Levels, ancestors: SchemaTree[]): ColumnNode {
    if (ancestors.length > LIMITS.maxNestingDepth) {
      throw new TablecastError('too_large', `The Parquet column ${tree.path[0]} is nested too deep.`);
    }
    const repetition = tree.element.repetition_type;
    if (repetition === 'REPEATED') {
      const child = this.#present(tree, nextItem(above), ancestors, false);
      return listNode(tree, above, child, false);
    }
    const isOptional = repetition === 'OPTIONAL';
    const levels = isOptional ? { ...above, definition: above.definition + 1 } : above;
    return this.#present(tree, levels, ancestors, isOptional);
  }

  /** From `levels` on it is there. */
  #present(tree: SchemaTree, levels: Levels, ancestors: SchemaTree[], nullable: boolean): ColumnNode {
    const path = [...ancestors, tree];
    if (tree.children.length === 0) return this.#leaf(tree, levels, nullable);
    const [only] = tree.children;
    if (only !== undefined && tree.children.length === 1 && only.element.repetition_type === 'REPEATED') {
      if (isAnnotated(tree, 'LIST')) {
        const item = nextItem(levels);
        const child = isItem(tree, only)
          ? this.#present(only, item, path, false)
          : this.node(only.children[0]!, item, [...path, only]);
        return listNode(tree, levels, child, nullable);
      }
      if ((isAnnotated(tree, 'MAP') || isAnnotated(tree, 'MAP_KEY_VALUE')) && only.children.length === 2) {
        return mapNode(tree, levels, this.#present(only, nextItem(levels), path, false), nullable);
      }
    }
    const nodes = tree.children.map((child) => this.node(child, levels, path));
    const names = distinctNames(nodes.map(({ field }) => field.name));
    const children = nodes.map((node, i) => ({ ...node, field: { ...node.field, name: names[i]! } }));
    const field = fieldOf(tree, { kind: 'struct', children: children.map((child) => child.field) }, nullable);
    return { kind: 'struct', field, leaf: children[0]!.leaf, levels, children };
  }

  #leaf(tree: SchemaTree, levels: Levels, nullable: boolean): ColumnNode {
    const type = parquetType(tree.element);
    const leaf = { index: this.leaves.length, element: tree.element, type, levels };
    this.leaves.push(leaf);
    return { kind: 'leaf', field: fieldOf(tree, type, nullable), leaf };
  }
}

function nextItem({ definition, repetition }: Levels): Levels {
  return { definition: definition + 1, repetition: repetition + 1 };
}

function listNode(tree: SchemaTree, levels: Levels, child: ColumnNode, nullable: boolean): ColumnNode {
  const field = fieldOf(tree, { kind: 'list', child: child.field }, nullable);
  return { kind: 'list', field, leaf: child.leaf, levels, itemLevels: nextItem(levels), child };
}

function mapNode(tree: SchemaTree, levels: Levels, child: ColumnNode, nullable: boolean): ColumnNode {
  const field = fieldOf(tree, { kind: 'map', child: child.field, keysSorted: false }, nullable);
  return { kind: 'list', field, leaf: child.leaf, levels, itemLevels: nextItem(levels), child };
}

function isAnnotated({ element }: SchemaTree, type: 'LIST' | 'MAP' | 'MAP_KEY_VALUE'): boolean {
  return element.converted_type === type || element.logical_type?.type === type;
}

/** Older lists have no group around each item: the repeated one is the item then. */
function isItem(list: SchemaTree, { element, children }: SchemaTree): boolean {
  return children.length !== 1 || element.name === 'array' || element.name === `${list.element.name}_tuple`;
}

function fieldOf({ element }: SchemaTree, type: DataType, nullable: boolean): Field {
  return { name: element.name, type, nullable, metadata: new Map() };
}

/** The fields of the Arrow schema in the file's metadata, by name. */
function arrowFields({ key_value_metadata }: FileMetaData): ReadonlyMap<string, Field> {
  const text = key_value_metadata?.find(({ key }) => key === 'ARROW:schema')?.value ?? '';
  try {
    const { fields } = readIpc(Buffer.concat([Buffer.from(text, 'base64'), END_OF_STREAM]));
    return new Map(fields.map((field) => [field.name, field]));
  } catch {
    return new Map();
  }
}

const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

function withHint(node: ColumnNode, hints: ReadonlyMap<string, Field>): ColumnNode {
  const hint = hints.get(node.field.name);
  if (hint === undefined) return node;
  const field = { ...node.field, metadata: hint.metadata };
  if (node.kind !== 'leaf') return { ...node, field };
  const type = hinted(node.leaf.type, hint.type);
  return { ...node, field: { ...field, type } };
}

/** What Parquet has no name for, where both have the same values. */
function hinted(type: DataType, hint: DataType): DataType {
  const isZoned = type.kind === 'timestamp' && type.timezone !== null;
  if (isZoned && hint.kind === 'timestamp' && hint.timezone !== null)
    return { ...type, timezone: hint.timezone };
  return type.kind === 'int' && type.bits === 64 && hint.kind === 'duration' ? hint : type;
}
