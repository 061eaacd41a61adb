import { GONE } from '../table/row-tracker.ts';

/** A cell by its column, as its exact text and as JSON. */
export interface HeldCell {
  readonly column: string;
  readonly text: string | null;
  readonly json: string;
}

/** A row for which a threshold holds. */
export interface HeldRow {
  readonly key: readonly HeldCell[] | null;
  readonly row: number | null;
  /** Equal for equal keys. */
  readonly keyId: string;
}

/**
 * The rows for which one threshold holds, by id, at most `maxRows`: of further ones nothing is known. While a table
 * begins anew its rows wait by their key, to be told from rows that were not there before.
 */
export class HeldRows {
  readonly #maxRows: number;
  #rows = new Map<number, HeldRow>();
  #suspended = new Map<string, HeldRow>();

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  has(id: number): boolean {
    return this.#rows.has(id);
  }

  /** `known`: it is there already, or was before the table began anew; `full`: it cannot be kept. */
  add(id: number, row: HeldRow): 'new' | 'known' | 'full' {
    if (this.#rows.has(id)) return 'known';
    const wasThere = this.#suspended.delete(row.keyId);
    if (this.#rows.size + this.#suspended.size >= this.#maxRows && !wasThere) return 'full';
    this.#rows.set(id, row);
    return wasThere ? 'known' : 'new';
  }

  delete(id: number): void {
    this.#rows.delete(id);
  }

  /** Ids mean nothing any more; keys do. */
  suspend(): void {
    for (const row of this.#rows.values()) this.#suspended.set(row.keyId, row);
    this.#rows.clear();
  }

  /** By old id the present one, or {@link GONE}; those that are gone keep an id that no row has. */
  renumber(renumbered: Uint32Array): void {
    const entries = [...this.#rows].map(([id, row], i) => {
      const now = renumbered[id] ?? GONE;
      return [now === GONE ? -1 - i : now, row] as const;
    });
    this.#rows = new Map(entries);
  }

  /** Removes those whose id no row has any more. */
  takeGone(isThere: (id: number) => boolean): HeldRow[] {
    const gone = [...this.#rows].filter(([id]) => id < 0 || !isThere(id));
    for (const [id] of gone) this.#rows.delete(id);
    return gone.map(([, row]) => row);
  }

  /** Removes those that were not added again since the table began anew. */
  takeSuspended(): HeldRow[] {
    const rows = [...this.#suspended.values()];
    this.#suspended.clear();
    return rows;
  }

  takeAll(): HeldRow[] {
    const rows = [...this.#rows.values(), ...this.takeSuspended()];
    this.#rows.clear();
    return rows;
  }
}
