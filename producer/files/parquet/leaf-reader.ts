import type { ColumnBuilder } from '../../../protocol/arrow/column-builder.ts';
import { createColumnBuilder } from '../../../protocol/arrow/create-column-builder.ts';
import { sliceVector, type Vector } from '../../../protocol/arrow/vector.ts';
import { TablecastError } from '../../../protocol/errors.ts';
import type { LeafPage, LeafPages } from './leaf-pages.ts';
import type { Leaf } from './parquet-schema.ts';

/** The entries of whole rows of one column. */
export interface LeafRows {
  readonly entryCount: number;
  /** As in {@link LeafPage}. */
  readonly definitions: Uint8Array | null;
  readonly repetitions: Uint8Array | null;
  readonly values: Vector;
}

/** Reads a column of a row group some rows at a time, whatever its pages are. */
export class LeafReader {
  readonly #leaf: Leaf;
  readonly #pages: LeafPages;
  /** What was read of pages and not taken. */
  #rest: LeafPage | null = null;

  constructor(leaf: Leaf, pages: LeafPages) {
    this.#leaf = leaf;
    this.#pages = pages;
  }

  /** @throws TablecastError `bad_body` where there are fewer rows */
  async take(rowCount: number): Promise<LeafRows> {
    const { levels, element } = this.#leaf;
    const parts: LeafPage[] = [];
    for (let left = rowCount; ; ) {
      const page = this.#rest ?? (await this.#pages.next());
      this.#rest = null;
      if (page === null && left > 0)
        throw new TablecastError('bad_body', `The column "${element.name}" has too few rows.`);
      if (page === null) break;
      const cut = cutAfter(page, left);
      left -= cut.rowCount;
      if (cut.entryCount < page.entryCount) {
        const [taken, rest] = split(page, cut.entryCount, levels.definition);
        if (cut.entryCount > 0) parts.push(taken);
        this.#rest = rest;
        break;
      }
      parts.push(page);
      // A row of lists may go on in the next page.
      if (left === 0 && levels.repetition === 0) break;
    }
    return joined(parts, this.#leaf);
  }
}

/** How many entries of the page belong to the next `rowCount` rows, and how many rows begin in them. */
function cutAfter(
  { entryCount, repetitions }: LeafPage,
  rowCount: number,
): { entryCount: number; rowCount: number } {
  if (repetitions === null) {
    const count = Math.min(entryCount, rowCount);
    return { entryCount: count, rowCount: count };
  }
  let rows = 0;
  for (let i = 0; i < entryCount; i++) {
    if (repetitions[i] !== 0) continue;
    if (rows === rowCount) return { entryCount: i, rowCount: rows };
    rows++;
  }
  return { entryCount, rowCount: rows };
}

function split(page: LeafPage, at: number, highest: number): [LeafPage, LeafPage] {
  const { entryCount, definitions, repetitions, values } = page;
  let valueCount = at;
  if (definitions !== null) {
    valueCount = 0;
    for (let i = 0; i < at; i++) if (definitions[i] === highest) valueCount++;
  }
  const part = (from: number, to: number, firstValue: number, endValue: number): LeafPage => ({
    entryCount: to - from,
    definitions: definitions === null ? null : definitions.subarray(from, to),
    repetitions: repetitions === null ? null : repetitions.subarray(from, to),
    values: sliceVector(values, firstValue, endValue),
  });
  return [part(0, at, 0, valueCount), part(at, entryCount, valueCount, values.length)];
}

function joined(parts: readonly LeafPage[], { type, levels }: Leaf): LeafRows {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const entryCount = parts.reduce((sum, part) => sum + part.entryCount, 0);
  const values: ColumnBuilder = createColumnBuilder(
    type,
    parts.reduce((sum, part) => sum + part.values.length, 0),
  );
  for (const part of parts) values.appendRange(part.values, 0, part.values.length);
  return {
    entryCount,
    definitions: joinedLevels(parts, ({ definitions }) => definitions, levels.definition, entryCount),
    repetitions: joinedLevels(parts, ({ repetitions }) => repetitions, 0, entryCount),
    values: values.vector,
  };
}

function joinedLevels(
  parts: readonly LeafPage[],
  levelsOf: (part: LeafPage) => Uint8Array | null,
  absent: number,
  entryCount: number,
): Uint8Array | null {
  if (parts.every((part) => levelsOf(part) === null)) return null;
  const levels = new Uint8Array(entryCount).fill(absent);
  let at = 0;
  for (const part of parts) {
    const own = levelsOf(part);
    if (own !== null) levels.set(own, at);
    at += part.entryCount;
  }
  return levels;
}
