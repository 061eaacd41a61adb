import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reducePoints, thinPoints } from '../../../protocol/chart/reduce-points.ts';

function line(ys: readonly number[]): Float64Array {
  return Float64Array.from(ys.flatMap((y, x) => [x, y]));
}

function ys(points: Float64Array): number[] {
  return [...points].filter((_, i) => i % 2 === 1);
}

describe('fewer points', () => {
  it('are the points themselves where they are few', () => {
    const points = line([1, 2, 3]);
    expect(reducePoints(points, 100)).toBe(points);
    expect(reducePoints(new Float64Array(0), 1).length).toBe(0);
  });

  it('keep a gap', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i > 490 && i < 510 ? Number.NaN : i));
    expect(ys(reducePoints(line(values), 50)).some(Number.isNaN)).toBe(true);
  });

  it('keep ends, extremes and order, whatever the line', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 400,
    });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 60 }), (given, columns) => {
        const points = line(given);
        const reduced = reducePoints(points, columns);
        const xs = [...reduced].filter((_, i) => i % 2 === 0);
        expect(reduced.length / 2).toBeLessThanOrEqual(Math.max(2 * columns, 3 * columns + 2));
        expect(xs).toEqual(xs.toSorted((a, b) => a - b));
        expect(new Set(xs).size).toBe(xs.length);
        expect(Math.max(...ys(reduced))).toBe(Math.max(...given));
        expect(Math.min(...ys(reduced))).toBe(Math.min(...given));
        expect([reduced[1], reduced.at(-1)]).toEqual([points[1], points.at(-1)]);
      }),
    );
  });
});

describe('a thinner cloud', () => {
  it('has at most so many points, all of them its own', () => {
    const coordinate = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    const cloud = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(cloud, fc.integer({ min: 1, max: 100 }), (given, maxPoints) => {
        const thin = thinPoints(Float64Array.from(given.flat()), maxPoints);
        expect(thin.length / 2).toBeLessThanOrEqual(maxPoints);
        expect(thin.length).toBeGreaterThan(0);
        const own = new Set(given.map(([x, y]) => `${x} ${y}`));
        for (let i = 0; i < thin.length; i += 2) expect(own).toContain(`${thin[i]} ${thin[i + 1]}`);
      }),
    );
  });

  it('leaves out what has no place', () => {
    const points = Float64Array.of(Number.NaN, 1, 2, Number.POSITIVE_INFINITY, 3, 4, 3, 4);
    expect([...thinPoints(points, 2)]).toEqual([3, 4]);
  });
});
