/** mulberry32: the same numbers in every process, 0 up to 1. @param {number} [seed] @returns {() => number} */
export function createRandom(seed = 0) {
  let state = 0x9e3779b9 ^ seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
