import { GRID_COLUMNS, type Panel } from '../../protocol/dashboard/dashboard.ts';

/** In grid columns and rows. */
export type Place = Pick<Panel, 'x' | 'y' | 'width' | 'height'>;

export const MIN_PANEL = { width: 2, height: 3 } as const;
const MAX_HEIGHT = 60;

/** Puts a panel somewhere: those in its way go down, and rows that nobody stands in close. */
export function withPlace(panels: readonly Panel[], id: string, place: Place): readonly Panel[] {
  const moved = panels.find((panel) => panel.id === id);
  if (moved === undefined) return panels;
  const others = panels.filter((panel) => panel !== moved).toSorted(inReadingOrder);
  return closeRows(inOrderOf(panels, settle([{ ...moved, ...inside(place) }, ...others])));
}

/** Panels that stand in each other's way are parted: the later ones go down. */
export function parted(panels: readonly Panel[]): readonly Panel[] {
  return closeRows(inOrderOf(panels, settle(panels.toSorted(inReadingOrder))));
}

/** Rows first, then columns. */
export function inReadingOrder(a: Place, b: Place): number {
  return a.y - b.y || a.x - b.x;
}

/**
 * A step by the keyboard. Left and right go a column; up and down a row where that is free, else past the panel that is
 * there.
 */
export function steppedPlace(panels: readonly Panel[], panel: Panel, dx: number, dy: number): Place {
  const { x, y, width, height } = panel;
  if (dy === 0) return inside({ x: x + dx, y, width, height });
  const beside = panels.filter((other) => other !== panel && sharesColumns(other, panel));
  if (dy < 0) {
    const above = beside.filter((other) => other.y + other.height === y);
    const next = above.length === 0 ? y - 1 : Math.min(...above.map((other) => other.y));
    return inside({ x, y: next, width, height });
  }
  const below = beside.filter((other) => other.y === y + height);
  const next = below.length === 0 ? y + 1 : Math.min(...below.map((other) => other.y + other.height));
  return inside({ x, y: next, width, height });
}

/** Where a panel goes that is dragged to a cell: past one below it, once it covers more than half of that. */
export function draggedPlace(panels: readonly Panel[], panel: Panel, x: number, y: number): Place {
  const place = inside({ ...panel, x, y });
  if (place.y <= panel.y) return place;
  const end = place.y + panel.height;
  const passed = panels.filter(
    (other) =>
      other.id !== panel.id &&
      sharesColumns(other, place) &&
      other.y >= panel.y + panel.height &&
      end > other.y + other.height / 2,
  );
  return { ...place, y: Math.max(place.y, ...passed.map((other) => other.y + other.height)) };
}

/** The first place where a panel of that size stands in nobody's way. */
export function freePlace(panels: readonly Panel[], width: number, height: number): Place {
  const rows = Math.max(0, ...panels.map((panel) => panel.y + panel.height));
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x + width <= GRID_COLUMNS; x++) {
      const place = { x, y, width, height };
      if (!panels.some((panel) => overlaps(panel, place))) return place;
    }
  }
  return { x: 0, y: rows, width, height };
}

function inside({ x, y, width, height }: Place): Place {
  const columns = clamp(width, MIN_PANEL.width, GRID_COLUMNS);
  return {
    x: clamp(x, 0, GRID_COLUMNS - columns),
    y: Math.max(0, y),
    width: columns,
    height: clamp(height, MIN_PANEL.height, MAX_HEIGHT),
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

function settle(panels: readonly Panel[]): Panel[] {
  const settled: Panel[] = [];
  for (const panel of panels) {
    let { y } = panel;
    const inTheWay = () => settled.filter((other) => overlaps(other, { ...panel, y }));
    for (let others = inTheWay(); others.length > 0; others = inTheWay())
      y = Math.max(...others.map((other) => other.y + other.height));
    settled.push(y === panel.y ? panel : { ...panel, y });
  }
  return settled;
}

/** The page keeps its elements in this order: what moves on the grid does not move in the document. */
function inOrderOf(order: readonly Panel[], panels: readonly Panel[]): readonly Panel[] {
  const byId = new Map(panels.map((panel) => [panel.id, panel]));
  return order.map((panel) => byId.get(panel.id)!);
}

function closeRows(panels: readonly Panel[]): readonly Panel[] {
  const used = new Set(
    panels.flatMap(({ y, height }) => Array.from({ length: height }, (_, row) => y + row)),
  );
  const usedRows = [...used].toSorted((a, b) => a - b);
  return panels.map((panel) => {
    const y = usedRows.indexOf(panel.y);
    return y === panel.y ? panel : { ...panel, y };
  });
}

function sharesColumns(a: Place, b: Place): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width;
}

function overlaps(a: Place, b: Place): boolean {
  return sharesColumns(a, b) && a.y < b.y + b.height && b.y < a.y + a.height;
}
