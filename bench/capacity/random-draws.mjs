// Draws of the distributions that arrivals and delays have, from uniform ones.

/** Of the standard normal distribution, the value that 99 of 100 draws are below. */
const normalP99 = 2.326;

/** Time to the next of events that come independently. @param {() => number} random @param {number} perSecond @returns {number} milliseconds */
export function nextArrivalMs(random, perSecond) {
  return perSecond > 0 ? (-Math.log(1 - random()) * 1000) / perSecond : Number.POSITIVE_INFINITY;
}

/** Log-normal, which delays of networks and schedulers resemble. @param {() => number} random @param {{ p50: number, p99: number }} ranks */
export function delayOf(random, { p50, p99 }) {
  if (p50 <= 0) return 0;
  const sigma = Math.max(0, Math.log(p99 / p50)) / normalP99;
  // Box and Muller, 1958.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return p50 * Math.exp(sigma * normal);
}
