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
  const reduced = new Float64Array((3 * columns + 2) * 2);
  let length = 0;
  const keep = (index: number): void => {
    reduced[length++] = points[2 * index]!;
    reduced[length++] = points[2 * index + 1]!;
  };
  keep(0);
  let start = 1;
  while (start < count - 1) {
    const column = Math.floor((points[2 * start]! - firstX) * scale);
    let end = start;
    let low = -1;
    let high = -1;
    let gap = -1;
    while (end < count - 1 && Math.floor((points[2 * end]! - firstX) * scale) === column) {
      const y = points[2 * end + 1]!;
      if (Number.isNaN(y)) gap = end;
      else {
        if (low < 0 || y < points[2 * low + 1]!) low = end;
        if (high < 0 || y > points[2 * high + 1]!) high = end;
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
