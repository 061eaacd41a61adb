// A table as its writer means it: plain rows in a Map, which keeps keys in the order in which they were first set.

/** Columns that a table may have after a `replace`; its key is `k`, or it has none. */
export const SHAPES = [
  { k: 'int32', n: 'float64' },
  { k: 'int32', n: 'float64', text: 'utf8' },
  { k: 'utf8', n: 'utf8', flag: 'bool' },
];

/** @typedef {Record<string, number | string | boolean | null>} Row */

export class TableModel {
  /** @type {Record<string, string>} types by column */
  types = {};
  /** @type {Map<string, Row>} */
  rows = new Map();

  /** @param {Record<string, string>} types @param {readonly Row[]} rows */
  replace(types, rows) {
    this.types = { ...types };
    this.rows = new Map();
    this.upsert({}, rows);
  }

  /** @param {Record<string, string>} types of columns that may be new @param {readonly Row[]} rows */
  upsert(types, rows) {
    this.types = { ...this.types, ...types };
    for (const row of rows) this.rows.set(String(row.k), { ...this.rows.get(String(row.k)), ...row });
  }

  /** Of a table without a key. @param {Record<string, string>} types @param {readonly Row[]} rows */
  append(types, rows) {
    this.types = { ...this.types, ...types };
    for (const row of rows) this.rows.set(`row ${this.rows.size}`, row);
  }

  /** @param {readonly Row[]} rows */
  delete(rows) {
    for (const row of rows) this.rows.delete(String(row.k));
  }

  /** @returns {Row[]} every row with every column */
  get filled() {
    const names = Object.keys(this.types);
    return [...this.rows.values()].map((row) =>
      Object.fromEntries(names.map((name) => [name, row[name] ?? null])),
    );
  }
}

/** @param {string} type @param {number} number */
export function cellOf(type, number) {
  switch (type) {
    case 'int32':
      return number;
    case 'float64':
      return number % 7 === 0 ? null : number / 4;
    case 'bool':
      return number % 2 === 0;
    default:
      return number % 5 === 0 ? '' : `text ${number}`;
  }
}
