// The tables of a log as its gateways fold them, by groups of viewers who want the same: how many rows each group is to be told of.

/** A commit's message, its Arrow schema and framing; and a commit's that brings nothing. */
const commitBytes = 1000;
const notificationBytes = 120;

export class SimulatedTables {
  version = 0;
  /** When each version's commit was asked for. @type {number[]} */
  #sentMs = [0];
  #rows;
  #staged;
  /** @type {number[]} */
  #stagedGroups = [];
  #options;

  /** @param {{ groups: number, rowsOfGroup: number, rowsPerPublication: number, bytesPerRow: number }} options */
  constructor(options) {
    this.#options = options;
    this.#rows = new Float64Array(options.groups);
    this.#staged = new Float64Array(options.groups);
  }

  /** @param {number} group */
  stage(group) {
    if (this.#staged[group] === 0) this.#stagedGroups.push(group);
    this.#staged[group] = (this.#staged[group] ?? 0) + this.#options.rowsPerPublication;
  }

  /** @param {number} sentMs */
  commit(sentMs) {
    for (const group of this.#stagedGroups) {
      this.#rows[group] = (this.#rows[group] ?? 0) + (this.#staged[group] ?? 0);
      this.#staged[group] = 0;
    }
    this.#stagedGroups = [];
    this.#sentMs.push(sentMs);
    this.version += 1;
  }

  /** When the first commit after a version was asked for. @param {number} version */
  sentMsAfter(version) {
    return this.#sentMs[version + 1] ?? Number.NaN;
  }

  /** Of all its versions. @param {number} group */
  rowsOf(group) {
    return this.#rows[group] ?? 0;
  }

  /** Rows that bring a viewer up to date: not more than its tables hold. @param {number} group @param {number | null} toldRows null for a snapshot */
  rowsFor(group, toldRows) {
    const { rowsOfGroup } = this.#options;
    return toldRows === null ? rowsOfGroup : Math.min(rowsOfGroup, this.rowsOf(group) - toldRows);
  }

  /** @param {number} rows */
  bytesOf(rows) {
    return rows === 0 ? notificationBytes : commitBytes + rows * this.#options.bytesPerRow;
  }
}
