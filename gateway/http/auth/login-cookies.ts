import { createHmac, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import type { Right, TokensOptions } from './tokens.ts';

export const LOGIN_COOKIE = 'tablecast';
export const LOGIN_LIFETIME_S = 30 * 24 * 60 * 60;

const KEY_BYTES = 32;
const NONCE_BYTES = 16;

/**
 * What a browser shows in place of a token: its right and end, signed with a key that is made of that token. So logins
 * outlive a restart of the gateway, end with their token, and take no memory.
 */
export class LoginCookies {
  readonly #nowMs: () => number;
  readonly #keys: Readonly<Record<Right, Buffer | null>>;

  constructor({ viewToken, writeToken, nowMs }: TokensOptions & { readonly nowMs: () => number }) {
    this.#nowMs = nowMs;
    // A slow derivation: whoever gets hold of a cookie shall not guess the token from it.
    const key = (token: string | null) =>
      token === null ? null : scryptSync(token, 'tablecast login cookie', KEY_BYTES);
    this.#keys = { view: key(viewToken), write: key(writeToken) };
  }

  /** @returns a value of plain characters, or null where there is no token of that right */
  issue(right: Right): string | null {
    const key = this.#keys[right];
    if (key === null) return null;
    const endS = Math.floor(this.#nowMs() / 1000) + LOGIN_LIFETIME_S;
    const claim = `${right}.${endS}.${randomBytes(NONCE_BYTES).toString('base64url')}`;
    return `${claim}.${signature(claim, key).toString('base64url')}`;
  }

  /** Null for what was not issued here, or is too old. */
  rightOf(value: string): Right | null {
    const [, claim = '', right, endS, signed = ''] =
      /^((view|write)\.(\d{1,12})\.[\w-]{1,64})\.([\w-]{1,64})$/.exec(value) ?? [];
    if (right !== 'view' && right !== 'write') return null;
    const key = this.#keys[right];
    if (key === null || Number(endS) * 1000 <= this.#nowMs()) return null;
    const expected = signature(claim, key);
    const given = Buffer.from(signed, 'base64url');
    return given.length === expected.length && timingSafeEqual(given, expected) ? right : null;
  }
}

function signature(claim: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(claim).digest();
}
