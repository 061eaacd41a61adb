import { createHash, timingSafeEqual } from 'node:crypto';

/** What a token lets its bearer do; who may write may read too. */
export type Right = 'view' | 'write';

export interface TokensOptions {
  readonly viewToken: string | null;
  readonly writeToken: string | null;
}

/** The tokens that the gateway was started with, kept as digests. */
export class Tokens {
  readonly #digests: readonly { readonly right: Right; readonly digest: Buffer }[];
  readonly #has: Readonly<Record<Right, boolean>>;

  constructor({ viewToken, writeToken }: TokensOptions) {
    this.#digests = [
      ...(writeToken === null ? [] : [{ right: 'write' as const, digest: digestOf(writeToken) }]),
      ...(viewToken === null ? [] : [{ right: 'view' as const, digest: digestOf(viewToken) }]),
    ];
    this.#has = { view: viewToken !== null, write: writeToken !== null };
  }

  /** Null where it is unknown. How long the answer takes says nothing of the tokens that there are. */
  rightOf(token: string): Right | null {
    const digest = digestOf(token);
    let found: Right | null = null;
    for (const known of this.#digests) if (timingSafeEqual(digest, known.digest)) found = known.right;
    return found;
  }

  /**
   * The right that an action takes; null where everybody may. With a view token alone writing takes it as well: what is
   * closed to readers is not open to writers.
   */
  needed(action: Right): Right | null {
    if (action === 'write' && this.#has.write) return 'write';
    return this.#has.view ? 'view' : null;
  }

  /** The least right that a token gives; null where there is none. */
  get least(): Right | null {
    return this.#has.view ? 'view' : this.#has.write ? 'write' : null;
  }
}

export function includes(has: Right | null, needed: Right): boolean {
  return has === needed || has === 'write';
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
