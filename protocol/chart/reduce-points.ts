/**
 * Fewer points that draw the same line: cuts the width into `columns` of equal x, and keeps of each the lowest and the
 * highest point in their order, the first and last points of all, and a gap where the column has one.
 * Points are x and y by turns, x ascending. Returns the input where it is small enough as it is.
 */
export function reducePoints(points: Float64Array, columns: number): Float64Array {
  const count = points.length / 2;
  if (count <= 2 * columns) return points;
  const firstX = points[0]!;
  const scale = columns / (points[2 * (count - 1)]! - firstX || 1);
  const reduced = new Float64Array((3 * (columns + 2) + 2) * 2);
  let length = 0;
  const keep = (index: number): void => {
    reduced[length++] = points[2 * index]!;
    reduced[length++] = points[2 * index + 1]!;
  };
  keep(0);
  let start = 1;
  let column = -1;
  while (start < count - 1) {
    // Each column once, however edges are rounded.
    column = Math.max(column + 1, Math.floor((points[2 * start]! - firstX) * scale));
    const endX = firstX + (column + 1) / scale;
    let end = start;
    let low = -1;
    let high = -1;
    let gap = -1;
    let lowY = 0;
    let highY = 0;
    while (end < count - 1 && (end === start || points[2 * end]! < endX)) {
      const y = points[2 * end + 1]!;
      if (Number.isNaN(y)) gap = end;
      else {
        if (low < 0 || y < lowY) {
          low = end;
          lowY = y;
        }
        if (high < 0 || y > highY) {
          high = end;
          highY = y;
        }
      }
      end++;
    }
    const kept = [...new Set([low, high, gap])].filter((index) => index >= 0).sort((a, b) => a - b);
    for (const index of kept) keep(index);
    start = end;
  }
  keep(count - 1);
  return reduced.subarray(0, length);
}

/**
 * Fewer points that look the same as a cloud: of all points in one cell of a grid the first stays. Points are x and y by
 * turns; the grid gets coarser until at most `maxPoints` are left. Returns the input where it is small enough as it is.
 */
export function thinPoints(points: Float64Array, maxPoints: number): Float64Array {
  const count = points.length / 2;
  if (count <= maxPoints) return points;
  const box = boxOf(points);
  for (let cells = Math.ceil(2 * Math.sqrt(maxPoints)); ; cells = Math.floor(cells / 1.5)) {
    const kept = firstPerCell(points, box, Math.max(1, cells));
    if (kept.length <= maxPoints || cells <= 1) {
      const thin = new Float64Array(2 * kept.length);
      for (const [at, i] of kept.entries()) thin.set(points.subarray(2 * i, 2 * i + 2), 2 * at);
      return thin;
    }
  }
}

interface Box {
  readonly low: readonly [number, number];
  readonly high: readonly [number, number];
}

function boxOf(points: Float64Array): Box {
  const low: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < points.length; i++) {
    const axis = i % 2 === 0 ? 0 : 1;
    const value = points[i]!;
    if (!Number.isFinite(value)) continue;
    low[axis] = Math.min(low[axis], value);
    high[axis] = Math.max(high[axis], value);
  }
  return { low, high };
}

/** Points without a finite x and y have no place, and go. */
function firstPerCell(points: Float64Array, { low, high }: Box, cells: number): number[] {
  const seen = new Uint8Array(cells * cells);
  const kept: number[] = [];
  const place = (value: number, axis: 0 | 1) =>
    Math.min(cells - 1, Math.floor(((value - low[axis]) / (high[axis] - low[axis] || 1)) * cells));
  for (let i = 0; i < points.length / 2; i++) {
    const x = points[2 * i]!;
    const y = points[2 * i + 1]!;
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    const cell = place(x, 0) * cells + place(y, 1);
    if (seen[cell] === 1) continue;
    seen[cell] = 1;
    kept.push(i);
  }
  return kept;
}
