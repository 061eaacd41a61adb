import type { DataType, Field } from '../arrow/data-type.ts';
import { TablecastError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { CellMisfit, rowOfElement, withOuterRows } from './cell-misfit.ts';
import { CELL, type Cells, LAST_NULL } from './cells.ts';
import { classifyInteger, classifyText, SEEN } from './classify-text.ts';
import { listParts, objectParts } from './json-parts.ts';

const INT64: DataType = { kind: 'int', bits: 64, signed: true };
const UINT64: DataType = { kind: 'int', bits: 64, signed: false };
const FLOAT64: DataType = { kind: 'float', bits: 64 };

/** What JSON says a cell to be; cells of one column are all the same. */
const CLASSES = ['a number', 'a boolean', 'a text', 'a list', 'an object'] as const;
const CLASS_OF_KIND: readonly number[] = (() => {
  const classes: number[] = new Array<number>(CELL.escapedQuoted + 1).fill(-1);
  classes[CELL.integer] = classes[CELL.number] = 0;
  classes[CELL.true] = classes[CELL.false] = 1;
  classes[CELL.text] = classes[CELL.escapedText] = 2;
  classes[CELL.list] = 3;
  classes[CELL.object] = 4;
  return classes;
})();

/**
 * The type of a column from all of its cells, as pandas finds it but for nulls, which do not turn integers and booleans into
 * something else: int64, uint64 where a value needs it and none is negative, float64, bool, utf8. Integers beyond 64 bits are text in CSV
 * (as in pandas) and float64 in JSON; texts that look like times stay text. JSON arrays are lists, objects structs. A CSV column of
 * several such types is utf8; a JSON one has no type.
 */
export class InferredType {
  readonly #depth: number;
  #seen = 0;
  #isCsv = false;
  #class = -1;
  #element: InferredType | null = null;
  #members: Map<string, InferredType> | null = null;

  constructor(depth = 1) {
    this.#depth = depth;
    if (depth > LIMITS.maxNestingDepth) {
      throw new TablecastError(
        'too_large',
        `A value is nested deeper than ${LIMITS.maxNestingDepth} levels.`,
      );
    }
  }

  /** @throws CellMisfit where a cell is of another kind than those before it */
  observe(cells: Cells): void {
    if (!cells.isUsed) return;
    const { length, kinds, starts, ends } = cells;
    const { bytes } = cells.source;
    for (let row = 0; row < length; row++) {
      const kind = kinds[row]!;
      if (kind <= LAST_NULL) continue;
      if (kind >= CELL.bare || kind === CELL.empty) {
        this.#isCsv = true;
        // Once text, always text.
        if ((this.#seen & SEEN.text) !== 0) return;
        this.#seen |=
          kind === CELL.empty
            ? SEEN.empty
            : kind === CELL.escapedQuoted
              ? SEEN.text
              : classifyText(bytes, starts[row]!, ends[row]!);
        continue;
      }
      this.#checkClass(row, CLASS_OF_KIND[kind]!);
      if (kind === CELL.integer) this.#seen |= classifyInteger(bytes, starts[row]!, ends[row]!);
      else if (kind === CELL.number) this.#seen |= SEEN.float;
    }
    if (this.#class === 3) this.#observeLists(cells);
    if (this.#class === 4) this.#observeObjects(cells);
  }

  #checkClass(row: number, found: number): void {
    if (this.#class === found) return;
    if (this.#class >= 0)
      throw new CellMisfit(row, `is ${CLASSES[found]}, where a row before it holds ${CLASSES[this.#class]}`);
    this.#class = found;
  }

  #observeLists(cells: Cells): void {
    const { offsets, child } = listParts(cells);
    this.#element ??= new InferredType(this.#depth + 1);
    const element = this.#element;
    withOuterRows(
      (row) => rowOfElement(offsets, row),
      () => element.observe(child),
    );
  }

  #observeObjects(cells: Cells): void {
    const { names, columns } = objectParts(cells);
    this.#members ??= new Map();
    for (const [i, name] of names.entries()) {
      const member = this.#members.get(name) ?? new InferredType(this.#depth + 1);
      this.#members.set(name, member);
      member.observe(columns[i]!);
    }
    if (this.#members.size > LIMITS.maxColumns)
      throw new TablecastError('too_large', `The JSON's objects have more than ${LIMITS.maxColumns} names.`);
  }

  /** `null` where no cell had a value. */
  type(): DataType {
    if (this.#isCsv) return csvType(this.#seen);
    switch (this.#class) {
      case 0:
        return numberType(this.#seen) ?? FLOAT64;
      case 1:
        return { kind: 'bool' };
      case 2:
        return { kind: 'utf8' };
      case 3:
        return { kind: 'list', child: fieldOf('item', this.#element!.type()) };
      case 4:
        return {
          kind: 'struct',
          children: Array.from(this.#members!, ([name, member]) => fieldOf(name, member.type())),
        };
      default:
        return { kind: 'null' };
    }
  }
}

function csvType(seen: number): DataType {
  const kinds = seen & ~SEEN.empty;
  if (kinds === SEEN.bool) return { kind: 'bool' };
  if (kinds === 0 || (kinds & (SEEN.text | SEEN.bool)) !== 0) return { kind: 'utf8' };
  return numberType(kinds) ?? { kind: 'utf8' };
}

/** null for integers that no 64 bits hold together. */
function numberType(seen: number): DataType | null {
  if ((seen & SEEN.float) !== 0) return FLOAT64;
  if ((seen & SEEN.huge) !== 0) return null;
  if ((seen & SEEN.unsigned) === 0) return INT64;
  return (seen & SEEN.negative) === 0 ? UINT64 : null;
}

function fieldOf(name: string, type: DataType): Field {
  return { name, type, nullable: true, metadata: new Map() };
}
