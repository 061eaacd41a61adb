import { createColumnBuilder } from '../arrow/create-column-builder.ts';
import type { DataType } from '../arrow/data-type.ts';
import type { Vector } from '../arrow/vector.ts';
import { binaryColumn, fixedBinaryColumn, textColumn } from './bytes-columns.ts';
import { CellMisfit } from './cell-misfit.ts';
import { type Cells, LAST_NULL } from './cells.ts';
import { floatColumn } from './float-column.ts';
import { integerColumn } from './integer-column.ts';
import {
  type BuildColumn,
  fixedListColumn,
  intervalColumn,
  jsonCells,
  listColumn,
  mapColumn,
  structColumn,
} from './nested-columns.ts';
import { boolColumn, textualColumn } from './scalar-columns.ts';

/**
 * The cells as a column of the type, every value exact. A JSON text fits wherever a CSV cell of that text would, but for types that were
 * inferred: there a text is a text.
 *
 * @throws CellMisfit for the first cell that does not fit
 */
export function columnOfCells(cells: Cells, type: DataType, isInferred: boolean): Vector {
  switch (type.kind) {
    case 'null':
      return nullColumn(cells);
    case 'bool':
      return boolColumn(cells, isInferred);
    case 'int':
      return integerColumn(cells, type, isInferred);
    case 'float':
      return floatColumn(cells, type, isInferred);
    case 'utf8':
      return textColumn(cells);
    case 'binary':
      return binaryColumn(cells);
    case 'fixed_size_binary':
      return fixedBinaryColumn(cells, type.byteWidth);
    case 'decimal':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'duration':
      return textualColumn(cells, type);
    default:
      return nestedColumn(jsonCells(cells), type, (inner, innerType) =>
        columnOfCells(inner, innerType, isInferred),
      );
  }
}

type NestedType = Extract<
  DataType,
  { kind: 'interval' | 'list' | 'fixed_size_list' | 'struct' | 'map' | 'union' }
>;

function nestedColumn(cells: Cells, type: NestedType, build: BuildColumn): Vector {
  switch (type.kind) {
    case 'interval':
      return intervalColumn(cells, type.unit, build);
    case 'list':
      return listColumn(cells, type.child, build);
    case 'fixed_size_list':
      return fixedListColumn(cells, type.child, type.size, build);
    case 'struct':
      return structColumn(cells, type.children, build);
    case 'map':
      return mapColumn(cells, type.child, build);
    case 'union':
      return unionColumn(cells, type);
  }
}

/** Text does not say which of a union's types a value is of. */
function unionColumn(cells: Cells, type: DataType): Vector {
  const row = firstValue(cells);
  if (row >= 0) throw new CellMisfit(row, 'does not say which type of the union it is of; send Arrow');
  const builder = createColumnBuilder(type);
  builder.appendNulls(cells.length);
  return builder.vector;
}

function firstValue(cells: Cells): number {
  return cells.kinds.subarray(0, cells.length).findIndex((kind) => kind > LAST_NULL);
}

function nullColumn(cells: Cells): Vector {
  const row = firstValue(cells);
  if (row >= 0) throw new CellMisfit(row);
  return { layout: 'null', length: cells.length };
}
