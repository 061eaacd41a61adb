import { createHash, randomBytes } from 'node:crypto';
import type { Right } from './tokens.ts';

export const LINK_LIFETIME_MS = 10 * 60 * 1000;

const CODE_BYTES = 24;

/** Codes of links that log a browser in, each once; the oldest go where there are too many. */
export class LoginLinks {
  readonly #nowMs: () => number;
  readonly #maxLinks: number;
  readonly #links = new Map<string, { readonly right: Right; readonly endMs: number }>();

  constructor({ nowMs, maxLinks = 1000 }: { readonly nowMs: () => number; readonly maxLinks?: number }) {
    this.#nowMs = nowMs;
    this.#maxLinks = maxLinks;
  }

  create(right: Right): string {
    const code = randomBytes(CODE_BYTES).toString('base64url');
    this.#links.set(digestOf(code), { right, endMs: this.#nowMs() + LINK_LIFETIME_MS });
    const [oldest] = this.#links.keys();
    if (this.#links.size > this.#maxLinks && oldest !== undefined) this.#links.delete(oldest);
    return code;
  }

  /** The right of a code that is used now for the first time; null for any other. */
  redeem(code: string): Right | null {
    const digest = digestOf(code);
    const link = this.#links.get(digest);
    this.#links.delete(digest);
    return link === undefined || link.endMs <= this.#nowMs() ? null : link.right;
  }
}

function digestOf(code: string): string {
  return createHash('sha256').update(code).digest('base64');
}
