import { SchemaCache } from '../../protocol/arrow/read-ipc.ts';
import { LIMITS } from '../../protocol/limits.ts';

/** The last schema that each table's publications had: one with the same bytes is not read again. */
export class TableSchemas {
  readonly #caches = new Map<string, SchemaCache>();

  of(table: string): SchemaCache {
    let cache = this.#caches.get(table);
    if (cache === undefined) {
      if (this.#caches.size >= LIMITS.maxTables) this.#caches.clear();
      cache = new SchemaCache();
      this.#caches.set(table, cache);
    }
    return cache;
  }
}
