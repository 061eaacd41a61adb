import { type DataType, type Field, typeName } from '../arrow/data-type.ts';
import type { Vector } from '../arrow/vector.ts';
import { TablecastError } from '../errors.ts';
import { CellMisfit } from './cell-misfit.ts';
import { type Cells, LAST_NULL } from './cells.ts';
import { columnOfCells } from './column-of-cells.ts';
import { InferredType } from './inferred-type.ts';

const MAX_SHOWN = 64;

export interface ColumnPlanOptions {
  readonly name: string;
  /** The table's column of that name. */
  readonly known: Field | null;
  /** Whether its type has to be kept. */
  readonly isRequired: boolean;
}

/**
 * One column of a body: which type it is built as. The table's type stands, or is tried first; else the type is inferred, at first from
 * the first rows that have values, and where later ones do not fit, from all.
 */
export class ColumnPlan {
  readonly name: string;
  readonly #known: Field | null;
  readonly #isRequired: boolean;
  #isInferred: boolean;
  #type: DataType | null;
  #inferred: InferredType | null = null;
  #conflict: TablecastError | null = null;
  #hasNulls = false;

  constructor({ name, known, isRequired }: ColumnPlanOptions) {
    this.name = name;
    this.#known = known;
    this.#isRequired = known !== null && isRequired;
    this.#isInferred = known === null;
    this.#type = known?.type ?? null;
  }

  /** null while no row had a value and the table has no such column. */
  get type(): DataType | null {
    return this.#type;
  }

  /** Begins anew, after rows were refused. */
  restart(): void {
    this.#hasNulls = false;
  }

  /**
   * The column of some rows, `null` where the type has to be inferred anew from all rows.
   *
   * @param rowsBefore for errors
   * @param isFinal whether the types stand
   * @throws TablecastError `bad_value`
   */
  build(cells: Cells, rowsBefore: number, isFinal: boolean): Vector | undefined | null {
    if (!cells.isUsed) return this.#noValues();
    if (this.#type === null) {
      this.#type = this.#firstType(cells, rowsBefore);
      if (this.#type === null) return this.#noValues();
    }
    try {
      const vector = columnOfCells(cells, this.#type, this.#isInferred);
      this.#hasNulls ||= !('validity' in vector) || vector.validity !== null;
      return vector;
    } catch (thrown) {
      if (!(thrown instanceof CellMisfit)) throw thrown;
      if (isFinal || this.#isRequired) throw this.#badValue(cells, thrown, rowsBefore);
      return null;
    }
  }

  #noValues(): undefined {
    this.#hasNulls = true;
    return undefined;
  }

  #firstType(cells: Cells, rowsBefore: number): DataType | null {
    const inferred = new InferredType();
    try {
      inferred.observe(cells);
    } catch (thrown) {
      throw this.#coded(thrown, cells, rowsBefore);
    }
    const type = inferred.type();
    return type.kind === 'null' ? null : type;
  }

  /** Sees rows of the pass that settles the types. @throws TablecastError `bad_value` */
  observe(cells: Cells, rowsBefore: number): void {
    if (this.#isRequired || !cells.isUsed) return;
    this.#inferred ??= new InferredType();
    try {
      if (this.#conflict === null) this.#inferred.observe(cells);
    } catch (thrown) {
      // As long as the table's type takes all values, it does not matter that they are of several kinds.
      this.#conflict = this.#coded(thrown, cells, rowsBefore);
    }
    if (!this.#isInferred) this.#isInferred = !this.#fits(cells);
    if (this.#isInferred && this.#conflict !== null) throw this.#conflict;
  }

  #fits(cells: Cells): boolean {
    try {
      columnOfCells(cells, this.#type!, false);
      return true;
    } catch (thrown) {
      if (thrown instanceof CellMisfit) return false;
      throw thrown;
    }
  }

  /** After all rows were observed. */
  settle(): void {
    if (!this.#isInferred) return;
    const type = this.#inferred?.type() ?? null;
    this.#type = type?.kind === 'null' ? null : type;
  }

  /** The column's field, once all rows are built. */
  field(): Field {
    const isKept = this.#known !== null && !this.#isInferred;
    return {
      name: this.name,
      type: this.#type ?? { kind: 'null' },
      nullable: !isKept || this.#known.nullable || this.#hasNulls,
      metadata: this.#known?.metadata ?? new Map(),
    };
  }

  #coded(thrown: unknown, cells: Cells, rowsBefore: number): TablecastError {
    if (thrown instanceof CellMisfit) return this.#badValue(cells, thrown, rowsBefore);
    throw thrown;
  }

  #badValue(cells: Cells, misfit: CellMisfit, rowsBefore: number): TablecastError {
    const text = cells.kinds[misfit.row]! > LAST_NULL ? cells.textOf(misfit.row) : 'null';
    const value = JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
    const type = this.#type === null ? '' : typeName(this.#type);
    const fault =
      misfit.reason === null
        ? `does not fit the type ${type}`
        : `${misfit.reason}${type === '' ? '' : ` (the column is ${type})`}`;
    const row = rowsBefore + misfit.row + 1;
    return new TablecastError(
      'bad_value',
      `Column ${JSON.stringify(this.name.slice(0, MAX_SHOWN))}, row ${row} (counting from 1, a header not counted): the value ${value} ${fault}.`,
    );
  }
}
