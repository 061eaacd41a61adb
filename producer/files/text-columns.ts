import type { Field } from '../../protocol/arrow/data-type.ts';
import type { Batch } from '../../protocol/arrow/vector.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { ColumnPlan } from '../../protocol/text-rows/column-plan.ts';
import type { RowGroup } from './row-group.ts';
import type { TextBlock } from './text-blocks.ts';

export interface TextColumnsOptions {
  /** The table's columns. */
  readonly known: readonly Field[];
  /** `required`: rows join the table, and what does not fit its types is refused; `preferred`: types may change. */
  readonly types: 'required' | 'preferred';
  /** Columns that are sent even where they have no value. */
  readonly key: readonly string[];
}

/** The columns of a text over all of its blocks: the type of each, and how cells become it. */
export class TextColumns {
  readonly #options: TextColumnsOptions;
  readonly #known: ReadonlyMap<string, Field>;
  readonly #plans: ColumnPlan[] = [];
  readonly #places = new Map<string, number>();
  #isSettled = false;

  constructor(options: TextColumnsOptions) {
    this.#options = options;
    this.#known = new Map(options.known.map((field) => [field.name, field]));
  }

  /** Whether every column met so far has a type, or is known to have no value. */
  get areTyped(): boolean {
    return this.#isSettled || this.#plans.every(({ type }) => type !== null);
  }

  /** Whether no type is left to be inferred. */
  get areKnown(): boolean {
    return this.#isSettled || this.#plans.every(({ name }) => this.#known.has(name));
  }

  /**
   * A block as columns; null where a column's type has to be settled first, by all rows.
   *
   * @param isFinal whether it is too late for that
   * @throws TablecastError `bad_value`
   */
  build(block: TextBlock, isFinal: boolean): Batch | null {
    const { names, rowCount, rowsBefore } = block;
    const columns: Batch['columns'][number][] = new Array(this.#plans.length).fill(undefined);
    for (const [i, cells] of block.columns.entries()) {
      const place = this.#placeOf(names[i]!);
      const vector = this.#plans[place]!.build(cells, rowsBefore, isFinal || this.#isSettled);
      if (vector === null) return null;
      columns[place] = vector;
    }
    return { rowCount, columns };
  }

  /** Sees a block of the pass that settles the types. @throws TablecastError `bad_value` */
  observe(block: TextBlock): void {
    for (const [i, cells] of block.columns.entries())
      this.#plans[this.#placeOf(block.names[i]!)]!.observe(cells, block.rowsBefore);
  }

  /** After all rows were observed: the types stand. */
  settle(): void {
    for (const plan of this.#plans) plan.settle();
    this.#isSettled = true;
  }

  /** Columns that may have no rows yet. */
  meet(names: readonly string[]): void {
    for (const name of names) this.#placeOf(name);
  }

  /**
   * Batches as they are sent. A column without any value is left out until it has one, or is sent as `null` where `withEmpty` says so.
   *
   * @throws TablecastError `bad_body` where there are rows and no columns
   */
  group(batches: readonly Batch[], withEmpty: boolean): RowGroup {
    const rowCount = batches.reduce((sum, batch) => sum + batch.rowCount, 0);
    if (this.#plans.length === 0) {
      if (rowCount > 0) throw new TablecastError('bad_body', 'The rows have no columns.');
      return { fields: this.#options.known, batches: [], rowCount: 0 };
    }
    const all = this.#plans.map((_, place) => place);
    const sent = all.filter((place) => {
      const { type, name } = this.#plans[place]!;
      return withEmpty || type !== null || this.#options.key.includes(name);
    });
    const places = sent.length === 0 ? all : sent;
    return {
      fields: places.map((place) => this.#plans[place]!.field()),
      batches: batches.map((batch) => ({
        rowCount: batch.rowCount,
        columns: places.map((place) => batch.columns[place]),
      })),
      rowCount,
    };
  }

  #placeOf(name: string): number {
    const found = this.#places.get(name);
    if (found !== undefined) return found;
    const place = this.#plans.length;
    const isRequired = this.#options.types === 'required';
    this.#plans.push(new ColumnPlan({ name, known: this.#known.get(name) ?? null, isRequired }));
    this.#places.set(name, place);
    return place;
  }
}
