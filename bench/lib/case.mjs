// What a benchmark is.

/**
 * @typedef {object} BenchContext
 * @property {number} rounds
 * @property {boolean} smoke a tiny amount of work
 * @property {boolean} profile
 * @property {(line: string) => void} note for people who watch
 *
 * @typedef {object} BenchCase
 * @property {string} name
 * @property {string} about
 * @property {boolean} [isLong] runs only when it is asked for by name
 * @property {(context: BenchContext) => Promise<import('./result.mjs').Result[]>} run
 */
export {};
