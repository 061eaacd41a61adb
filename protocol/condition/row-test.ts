import { isNull, type Vector } from '../arrow/vector.ts';
import type { RowAccess } from '../table/row-access.ts';

/** A condition on rows. */
export interface RowTest {
  /** Whether it holds for the row that `rows` was put to. */
  holds(rows: RowAccess): boolean;
}

/** A condition on the values of one column; without a value it does not hold. */
export abstract class ColumnTest implements RowTest {
  readonly #column: number;
  #vector: Vector | undefined;
  #turn = -1;

  constructor(column: number) {
    this.#column = column;
  }

  holds(rows: RowAccess): boolean {
    if (rows.turn !== this.#turn) {
      this.#turn = rows.turn;
      this.#vector = rows.columns[this.#column];
      if (this.#vector !== undefined) this.bind(this.#vector);
    }
    return isNull(this.#vector, rows.at) ? this.holdsForNull() : this.holdsAt(rows.at);
  }

  protected holdsForNull(): boolean {
    return false;
  }

  protected abstract bind(vector: Vector): void;
  protected abstract holdsAt(at: number): boolean;
}

export class NullTest extends ColumnTest {
  readonly #isNull: boolean;

  constructor(column: number, holdsForNull: boolean) {
    super(column);
    this.#isNull = holdsForNull;
  }

  protected bind(): void {}

  protected override holdsForNull(): boolean {
    return this.#isNull;
  }

  protected holdsAt(): boolean {
    return !this.#isNull;
  }
}
