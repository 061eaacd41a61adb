import type { ErrorCode, TablecastError } from '../protocol/errors.ts';

/** A publication that was refused. */
export interface Rejection {
  readonly at_ms: number;
  /** Where it came from: `sub`, `pull` or `http`. */
  readonly source: string;
  /** The table it named; null where the name itself was refused. */
  readonly table: string | null;
  readonly code: ErrorCode;
  readonly detail: string;
}

/** The last refused publications, newest first, and how many there were in all. */
export class Rejections {
  readonly #max: number;
  #list: Rejection[] = [];
  #count = 0;

  constructor(options: { readonly max: number }) {
    this.#max = options.max;
  }

  get count(): number {
    return this.#count;
  }

  get list(): readonly Rejection[] {
    return this.#list;
  }

  add(
    error: TablecastError,
    where: { readonly at_ms: number; readonly source: string; readonly table: string | null },
  ): void {
    this.#count++;
    this.#list = [
      { ...where, code: error.code, detail: error.message },
      ...this.#list.slice(0, this.#max - 1),
    ];
  }
}
