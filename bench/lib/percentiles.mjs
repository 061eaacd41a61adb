/**
 * @param {ArrayLike<number>} samples in any order
 * @param {readonly number[]} ranks from 0 to 1
 * @returns {number[]} the nearest sample at or above each rank; NaN where there are no samples
 */
export function percentiles(samples, ranks) {
  const sorted = Float64Array.from(samples).sort();
  return ranks.map((rank) => sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)] ?? Number.NaN);
}

/** @param {readonly number[]} samples */
export function median(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/**
 * Of the straight line that fits best.
 * @param {readonly (readonly [number, number])[]} points x and y
 */
export function slope(points) {
  const mean = (/** @type {0 | 1} */ of) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}
