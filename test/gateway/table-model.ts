import type { Op, Retention } from '../../protocol/header.ts';

export type ModelCell = string | number | bigint | boolean | null;
export type ColumnType = 'utf8' | 'int32' | 'float64' | 'int64' | 'bool';

/** A publication as a producer means it: columns with their types, rows of cells in the order of the columns. */
export interface ModelPublication {
  readonly table: string;
  readonly op?: Op;
  readonly key?: readonly string[];
  readonly commit: 'auto' | 'hold';
  readonly retention?: Retention | null;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly rows: readonly (readonly ModelCell[])[];
}

interface ModelRow {
  readonly cells: ReadonlyMap<string, ModelCell>;
  /** Counts every row ever written: the rows written longest ago have the lowest. */
  readonly written: number;
  readonly timeMs: number;
}

interface Head {
  readonly columns: ReadonlyMap<string, ColumnType>;
  readonly key: readonly string[] | null;
}

/**
 * One table as the contract describes it. A JavaScript Map keeps the order in which keys were first set since they were
 * last deleted: that of a table with a key. Without a key every row has one of its own.
 */
export class ModelTable {
  columns = new Map<string, ColumnType>();
  key: readonly string[] | null = null;
  rows = new Map<string, ModelRow>();
  retention: Retention | null = null;
  stage: (ModelPublication & { readonly op: Op })[] = [];
  /** Whether a commit ever brought anything; before that the table only waits. */
  begun = false;

  get cells(): ModelCell[][] {
    const names = [...this.columns.keys()];
    return [...this.rows.values()].map((row) => names.map((name) => row.cells.get(name) ?? null));
  }

  apply(publication: ModelPublication & { readonly op: Op }, written: () => number, timeMs: number): void {
    const { op, columns, rows, retention } = publication;
    if (retention !== undefined) this.retention = retention;
    if (op === 'delete') {
      for (const row of rows) this.rows.delete(this.#keyOf(named(columns, row), 0));
      return;
    }
    if (op === 'replace' || !this.begun) {
      this.columns = new Map();
      this.rows = new Map();
      this.key = publication.key ?? this.key;
      this.begun = true;
    }
    for (const { name, type } of columns) this.columns.set(name, type);
    for (const row of rows) {
      const cells = named(columns, row);
      const number = written();
      const key = this.#keyOf(cells, number);
      const before = this.rows.get(key)?.cells ?? new Map<string, ModelCell>();
      this.rows.set(key, { cells: new Map([...before, ...cells]), written: number, timeMs });
    }
  }

  #keyOf(cells: ReadonlyMap<string, ModelCell>, number: number): string {
    return this.key === null
      ? String(number)
      : JSON.stringify(this.key.map((name) => keyText(cells.get(name) ?? null)));
  }

  /** The rows written longest ago go until every limit holds. */
  trim(nowMs: number): void {
    if (this.retention === null) return;
    const { max_rows, max_age_ms, max_bytes } = this.retention;
    const oldestFirst = [...this.rows].sort(([, a], [, b]) => a.written - b.written);
    let bytes = max_bytes === undefined ? 0 : oldestFirst.reduce((sum, [, row]) => sum + this.#weigh(row), 0);
    for (const [key, row] of oldestFirst) {
      const tooMany = max_rows !== undefined && this.rows.size > max_rows;
      const tooOld = max_age_ms !== undefined && row.timeMs <= nowMs - max_age_ms;
      if (!tooMany && !tooOld && (max_bytes === undefined || bytes <= max_bytes)) return;
      this.rows.delete(key);
      if (max_bytes !== undefined) bytes -= this.#weigh(row);
    }
  }

  isExpired(nowMs: number): boolean {
    const maxAgeMs = this.retention?.max_age_ms;
    return maxAgeMs !== undefined && [...this.rows.values()].some((row) => row.timeMs <= nowMs - maxAgeMs);
  }

  #weigh(row: ModelRow): number {
    let bytes = 0;
    for (const [name, type] of this.columns) {
      if (type === 'utf8') bytes += 4 + Buffer.byteLength(String(row.cells.get(name) ?? ''));
      else bytes += { int32: 4, float64: 8, int64: 8, bool: 1 }[type];
    }
    return bytes;
  }
}

/** Every table, and the publications that wait: arrays, maps and loops only. */
export class ModelStore {
  readonly tables = new Map<string, ModelTable>();
  readonly #heads = new Map<string, Head>();
  #written = 0;
  version = 0;

  /** Messages that arrived together; for each whether it was taken. Those that show share a commit. */
  take(publications: readonly ModelPublication[], nowMs: number): boolean[] {
    const showing = new Set<string>();
    const commit = () => {
      if (showing.size > 0) this.commit([...showing], nowMs);
      showing.clear();
    };
    const taken = publications.map((publication) => {
      const head = this.#heads.get(publication.table) ?? null;
      const admitted = admit(publication, head);
      if (admitted === null) return false;
      // What is held joins the stage after what shows by itself was taken from it.
      if (publication.commit === 'hold' && showing.has(publication.table)) commit();
      if (publication.commit === 'auto') showing.add(publication.table);
      if (admitted.head === null) return true;
      this.#heads.set(publication.table, admitted.head);
      const table = this.tables.get(publication.table) ?? new ModelTable();
      this.tables.set(publication.table, table);
      table.stage.push({ ...publication, op: admitted.op });
      return true;
    });
    commit();
    return taken;
  }

  commit(names: readonly string[], nowMs: number): void {
    this.version++;
    for (const name of names) {
      const table = this.tables.get(name);
      if (table === undefined) continue;
      for (const publication of table.stage) table.apply(publication, () => ++this.#written, nowMs);
      table.stage = [];
      table.trim(nowMs);
    }
  }

  drop(name: string): void {
    this.version++;
    this.tables.delete(name);
    this.#heads.delete(name);
  }

  /** What the gateway does by itself as time passes. */
  expire(nowMs: number): boolean {
    const expired = [...this.tables.values()].filter((table) => table.isExpired(nowMs));
    if (expired.length === 0) return false;
    this.version++;
    for (const table of expired) table.trim(nowMs);
    return true;
  }
}

/** What the publication does and what the table will be; null where it does not fit. */
function admit(publication: ModelPublication, head: Head | null): { op: Op; head: Head | null } | null {
  const { columns } = publication;
  const brought = new Map(columns.map(({ name, type }) => [name, type]));
  const key = publication.key ?? head?.key ?? null;
  const op = publication.op ?? (key === null ? 'replace' : 'upsert');
  if (key === null && (op === 'upsert' || op === 'delete')) return null;
  if (key?.some((name) => !brought.has(name))) return null;
  if (op === 'replace' || head === null)
    return { op, head: op === 'delete' ? head : { columns: brought, key } };
  if (publication.key !== undefined && !sameNames(publication.key, head.key)) return null;
  const compared = op === 'delete' ? columns.filter(({ name }) => key?.includes(name)) : columns;
  if (compared.some(({ name, type }) => (head.columns.get(name) ?? type) !== type)) return null;
  return {
    op,
    head: op === 'delete' ? head : { key: head.key, columns: new Map([...head.columns, ...brought]) },
  };
}

function sameNames(a: readonly string[], b: readonly string[] | null): boolean {
  return b !== null && a.length === b.length && a.every((name) => b.includes(name));
}

function named(columns: ModelPublication['columns'], row: readonly ModelCell[]): Map<string, ModelCell> {
  return new Map(columns.map(({ name }, i) => [name, row[i] ?? null]));
}

/** One text for cells that are one key: null is a key, 0 and -0 are one, all NaN are one. */
function keyText(cell: ModelCell): string {
  return `${cell === null ? 'null' : typeof cell}:${Object.is(cell, -0) ? 0 : String(cell)}`;
}
