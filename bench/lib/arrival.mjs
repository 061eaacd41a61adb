// The moment at which something named arrives, asked for from another process: `arm` before it can, `reached` after.
import { sharedNowMs } from './clock.mjs';

export function createArrival() {
  /** @type {Map<string, { resolve: (atMs: number) => void, reached: Promise<number> }>} */
  const awaited = new Map();
  return {
    /** @param {string} name */
    reach(name) {
      awaited.get(name)?.resolve(sharedNowMs());
    },
    methods: {
      /** @param {string} name */
      arm(name) {
        let resolve = (/** @type {number} */ _atMs) => {};
        const reached = new Promise((settle) => {
          resolve = settle;
        });
        awaited.set(name, { resolve, reached });
      },
      /** @param {string} name @returns {Promise<number> | undefined} on the shared clock */
      reached: (name) => awaited.get(name)?.reached,
      /** @param {string} name @param {number} timeoutMs @returns whether it came by then */
      reachedWithin: (name, timeoutMs) =>
        Promise.race([
          awaited.get(name)?.reached.then(() => true),
          new Promise((resolve) => setTimeout(resolve, timeoutMs, false)),
        ]),
    },
  };
}
