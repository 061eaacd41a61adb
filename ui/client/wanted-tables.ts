/** Stands for all tables, those to come included. */
export const ALL_TABLES = '*';

/** Which tables a client's subscriptions want together; a table may be wanted by several of them. */
export class WantedTables {
  readonly #counts = new Map<string, number>();

  get isAll(): boolean {
    return this.#counts.has(ALL_TABLES);
  }

  /** Those wanted by name. */
  get names(): string[] {
    return [...this.#counts.keys()].filter((name) => name !== ALL_TABLES);
  }

  has(name: string): boolean {
    return this.isAll || this.#counts.has(name);
  }

  /** Those of the names that nobody wanted before. */
  add(names: readonly string[]): string[] {
    const added = names.filter((name) => !this.#counts.has(name));
    for (const name of names) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    return added;
  }

  /** Those of the names that nobody wants any more. */
  remove(names: readonly string[]): string[] {
    for (const name of names) {
      const left = (this.#counts.get(name) ?? 0) - 1;
      if (left > 0) this.#counts.set(name, left);
      else this.#counts.delete(name);
    }
    return names.filter((name) => !this.#counts.has(name));
  }
}
