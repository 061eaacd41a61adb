import type { RowAccess } from '../../../protocol/table/row-access.ts';
import type { AggregateValue } from './aggregate-value.ts';

/** A group's line: who it is, and what it says. */
export interface GroupLine {
  readonly type: 'group';
  /** Stays the same as long as the group is there; what `expanded` of the spec names. */
  readonly path: string;
  /** 0 for the outermost. */
  readonly depth: number;
  readonly column: string;
  /** The exact text of the group's value; null for no value. */
  readonly text: string | null;
  readonly rowCount: number;
  readonly isExpanded: boolean;
  /** In the order of the spec's aggregates; null where the group has no value to aggregate. */
  readonly aggregates: readonly AggregateValue[];
}

/** What is shown, line by line: ids of rows, and groups. */
export interface Lines {
  readonly count: number;
  /** Rows that pass, shown or in collapsed groups. */
  readonly matchCount: number;
  readonly isPlain: boolean;
  /** How many groups row lines stand in. */
  readonly depth: number;
  /** Of a row line its id, else -1. */
  idAt(index: number): number;
  /** {@link idAt} of all lines. */
  ids(): Float64Array;
  /** Ids of all rows that pass, in order, those in collapsed groups included. While a build runs, of those shown before. */
  matchingIds(): Float64Array;
  groupAt(index: number): GroupLine | null;
  /** Of a group line its path, else null. */
  pathAt(index: number): string | null;
  /** -1 where it has no line. */
  indexOfId(id: number): number;
  indexOfGroup(path: string): number;
}

/** Where there is no table. */
export const NO_LINES: Lines = {
  count: 0,
  matchCount: 0,
  isPlain: true,
  depth: 0,
  idAt: () => -1,
  ids: () => new Float64Array(0),
  matchingIds: () => new Float64Array(0),
  groupAt: () => null,
  pathAt: () => null,
  indexOfId: () => -1,
  indexOfGroup: () => -1,
};

/** The table's rows in its order. */
export class PlainLines implements Lines {
  readonly isPlain = true;
  readonly depth = 0;
  readonly #rows: RowAccess;

  constructor(rows: RowAccess) {
    this.#rows = rows;
  }

  get count(): number {
    return this.#rows.rowCount;
  }

  get matchCount(): number {
    return this.#rows.rowCount;
  }

  idAt(index: number): number {
    return this.#rows.idOf(index);
  }

  ids(): Float64Array {
    return Float64Array.from({ length: this.count }, (_, index) => this.#rows.idOf(index));
  }

  matchingIds(): Float64Array {
    return this.ids();
  }

  groupAt(): null {
    return null;
  }

  pathAt(): null {
    return null;
  }

  indexOfId(id: number): number {
    return this.#rows.has(id) ? this.#rows.rowOf(id) : -1;
  }

  indexOfGroup(): number {
    return -1;
  }
}

/** What was shown before, while a build runs: rows keep their places, those that went are left out, new ones too. */
export class FrozenLines implements Lines {
  readonly isPlain = false;
  readonly depth: number;
  readonly matchCount: number;
  readonly #ids: Float64Array;
  /** By number, -2 and down in `#ids`. */
  readonly #groups: readonly GroupLine[];

  private constructor(ids: Float64Array, groups: readonly GroupLine[], depth: number, matchCount: number) {
    this.#ids = ids;
    this.#groups = groups;
    this.depth = depth;
    this.matchCount = matchCount;
  }

  /** `toId`: what each row's id is from now on; -1 leaves the row out. */
  static of(lines: Lines, toId: (id: number) => number): FrozenLines {
    const ids = lines.ids();
    const groups: GroupLine[] = [];
    let count = 0;
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index]!;
      const group = id < 0 ? lines.groupAt(index) : null;
      const kept = group === null ? toId(id) : -1 - groups.push(group);
      if (kept !== -1) ids[count++] = kept;
    }
    return new FrozenLines(ids.subarray(0, count), groups, lines.depth, lines.matchCount);
  }

  get count(): number {
    return this.#ids.length;
  }

  idAt(index: number): number {
    return Math.max(-1, this.#ids[index] ?? -1);
  }

  ids(): Float64Array {
    return this.#ids.map((id) => Math.max(-1, id));
  }

  matchingIds(): Float64Array {
    return this.#ids.filter((id) => id >= 0);
  }

  groupAt(index: number): GroupLine | null {
    const id = this.#ids[index] ?? -1;
    return id < -1 ? this.#groups[-2 - id]! : null;
  }

  pathAt(index: number): string | null {
    return this.groupAt(index)?.path ?? null;
  }

  indexOfId(id: number): number {
    return this.#ids.indexOf(id);
  }

  indexOfGroup(path: string): number {
    const number = this.#groups.findIndex((group) => group.path === path);
    return number < 0 ? -1 : this.#ids.indexOf(-2 - number);
  }
}
