import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GRID_COLUMNS, type Panel } from '../../../protocol/dashboard/dashboard.ts';
import {
  draggedPlace,
  freePlace,
  MIN_PANEL,
  type Place,
  parted,
  steppedPlace,
  withPlace,
} from '../../../ui/dashboard/layout.ts';

type Corners = readonly [x: number, y: number, width: number, height: number];

const panelsOf = (places: Readonly<Record<string, Corners>>): Panel[] =>
  Object.entries(places).map(([id, [x, y, width, height]]) => ({
    id,
    type: 'table',
    table: 't',
    x,
    y,
    width,
    height,
  }));
const placesOf = (panels: readonly Panel[]): Record<string, Corners> =>
  Object.fromEntries(panels.map(({ id, x, y, width, height }) => [id, [x, y, width, height]]));
const step = (panels: readonly Panel[], id: string, dx: number, dy: number) =>
  placesOf(withPlace(panels, id, steppedPlace(panels, panels.find((panel) => panel.id === id)!, dx, dy)));

describe('a panel', () => {
  const two = panelsOf({ a: [0, 0, 6, 4], b: [0, 4, 6, 8] });

  test('changes places with the one below and the one above it by one step', () => {
    const swapped: Record<string, Corners> = { a: [0, 8, 6, 4], b: [0, 0, 6, 8] };
    expect(step(two, 'a', 0, 1)).toEqual(swapped);
    expect(step(two, 'b', 0, -1)).toEqual(swapped);
    expect(step(panelsOf(swapped), 'a', 0, -1)).toEqual(placesOf(two));
  });

  test('stays in the grid, and the first row is always taken', () => {
    expect(step(two, 'a', -1, 0)).toEqual(placesOf(two));
    expect(step(two, 'a', 0, -1)).toEqual(placesOf(two));
    expect(step(two, 'b', 0, 1)).toEqual(placesOf(two));
    expect(step(panelsOf({ a: [6, 0, 6, 4] }), 'a', 1, 0)).toEqual({ a: [6, 0, 6, 4] });
  });

  test('that is made larger pushes others down', () => {
    expect(placesOf(withPlace(two, 'a', { x: 0, y: 0, width: 8, height: 6 }))).toEqual({
      a: [0, 0, 8, 6],
      b: [0, 6, 6, 8],
    });
  });

  test('that is dragged goes past another once it covers more than half of it', () => {
    const [a] = two;
    expect(draggedPlace(two, a!, 0, 2).y).toBe(2);
    expect(placesOf(withPlace(two, 'a', draggedPlace(two, a!, 0, 5)))).toEqual({
      a: [0, 8, 6, 4],
      b: [0, 0, 6, 8],
    });
    expect(draggedPlace(two, a!, 9, 0)).toMatchObject({ x: 6, y: 0 });
  });

  test('that is new stands where there is room', () => {
    expect(freePlace([], 6, 8)).toEqual({ x: 0, y: 0, width: 6, height: 8 });
    expect(freePlace(two, 6, 8)).toEqual({ x: 6, y: 0, width: 6, height: 8 });
    expect(freePlace(two, 8, 8)).toEqual({ x: 0, y: 12, width: 8, height: 8 });
  });
});

test('whatever is placed, nothing overlaps, nothing leaves the grid, and no row is empty', () => {
  const number = fc.integer({ min: -3, max: 30 });
  const place = fc.record({ x: number, y: number, width: number, height: number });
  fc.assert(
    fc.property(
      fc.array(place, { maxLength: 12 }),
      fc.array(fc.tuple(fc.nat(11), place)),
      (places, moves) => {
        let panels: readonly Panel[] = [];
        places.forEach((one, i) => {
          const panel: Panel = { id: `${i}`, type: 'table', table: 't', ...freePlace(panels, 2, 3) };
          panels = withPlace([...panels, panel], panel.id, one);
        });
        for (const [at, one] of moves) panels = withPlace(panels, `${at}`, one);
        expect(panels.map(({ id }) => id)).toEqual(places.map((_, i) => `${i}`));
        expect(parted(panels)).toEqual(panels);
        const cells = panels.flatMap(cellsOf);
        expect(new Set(cells).size).toBe(cells.length);
        const rows = new Set(cells.map((cell) => Number(cell.split(' ')[1])));
        expect(rows.size).toBe(Math.max(0, ...panels.map(({ y, height }) => y + height)));
        for (const { x, y, width, height } of panels) {
          expect(x >= 0 && y >= 0 && x + width <= GRID_COLUMNS).toBe(true);
          expect(width >= MIN_PANEL.width && height >= MIN_PANEL.height).toBe(true);
        }
      },
    ),
  );
});

function cellsOf({ x, y, width, height }: Place): string[] {
  return Array.from({ length: width * height }, (_, i) => `${x + (i % width)} ${y + Math.floor(i / width)}`);
}
