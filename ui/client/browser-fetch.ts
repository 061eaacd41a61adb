import type { Fetch, FetchResponse } from './gateway-http.ts';

/** The part of a browser's `fetch` that is used. */
export type CredentialedFetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers?: Record<string, string>;
    readonly credentials: 'include' | 'omit';
    readonly signal?: AbortSignal;
  },
) => Promise<FetchResponse>;

/**
 * Fetches with the browser's login. A gateway of another origin that allows every site takes no logins, and browsers keep its
 * answers to requests with one to themselves (Fetch, 3.3.5): which it is, is found out once, by a request that changes nothing.
 */
export function createBrowserFetch(fetch: CredentialedFetch, ownOrigin: string): Fetch {
  const takesLogin = new Map([[ownOrigin, true]]);

  async function findOut(url: string, origin: string): Promise<boolean> {
    const open = new URL('healthz', url).href;
    let isTaken = true;
    try {
      await fetch(open, { method: 'GET', credentials: 'include' });
    } catch {
      isTaken = false;
      await fetch(open, { method: 'GET', credentials: 'omit' });
    }
    takesLogin.set(origin, isTaken);
    return isTaken;
  }

  return async (url, init) => {
    const { origin } = new URL(url);
    const isTaken = takesLogin.get(origin) ?? (await findOut(url, origin));
    return fetch(url, { ...init, credentials: isTaken ? 'include' : 'omit' });
  };
}
