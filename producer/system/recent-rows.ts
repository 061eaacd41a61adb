import type { Row } from '../../protocol/arrow/from-values.ts';

/** The samples of the last while, oldest first: what a gateway that comes late is told. */
export class RecentRows {
  readonly #maxAgeMs: number;
  #samples: { readonly atMs: number; readonly rows: readonly Row[] }[] = [];

  constructor(maxAgeMs: number) {
    this.#maxAgeMs = maxAgeMs;
  }

  add(atMs: number, rows: readonly Row[]): void {
    this.#samples.push({ atMs, rows });
    const kept = this.#samples.findIndex((sample) => sample.atMs >= atMs - this.#maxAgeMs);
    if (kept > 0) this.#samples = this.#samples.slice(kept);
  }

  all(): readonly Row[] {
    return this.#samples.flatMap((sample) => sample.rows);
  }
}
