/** Ids of rows that were written, as they come in lists; asking is cheap after the first time. */
export class WrittenIds {
  #lists: Uint32Array[] = [];
  #ids: Set<number> | null = null;

  clear(): void {
    this.#lists = [];
    this.#ids = null;
  }

  add(ids: Uint32Array): void {
    if (ids.length === 0) return;
    this.#lists.push(ids);
    this.#ids = null;
  }

  has(id: number): boolean {
    if (this.#lists.length === 0) return false;
    if (this.#ids === null) {
      this.#ids = new Set();
      for (const list of this.#lists) for (const written of list) this.#ids.add(written);
    }
    return this.#ids.has(id);
  }
}
