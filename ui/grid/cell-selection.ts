export interface Cell {
  /** −1 is the header. */
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Whole rows that fit on screen. */
  readonly pageRows: number;
}

/** What a key press means to a grid; modifiers as in KeyboardEvent. */
export interface KeyStroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** The cell a key leads to, as the ARIA grid pattern has it; null where the key moves nothing. */
export function moveCell(cell: Cell, stroke: KeyStroke, size: GridSize): Cell | null {
  if (stroke.altKey) return null;
  const toEnd = stroke.ctrlKey || stroke.metaKey;
  const { row, column } = cell;
  const lastRow = size.rows - 1;
  const lastColumn = size.columns - 1;
  const to = (nextRow: number, nextColumn: number): Cell => ({
    row: Math.max(-1, Math.min(lastRow, nextRow)),
    column: Math.max(0, Math.min(lastColumn, nextColumn)),
  });
  switch (stroke.key) {
    case 'ArrowUp':
      return to(toEnd ? 0 : row - 1, column);
    case 'ArrowDown':
      return to(toEnd ? lastRow : row + 1, column);
    case 'ArrowLeft':
      return to(row, toEnd ? 0 : column - 1);
    case 'ArrowRight':
      return to(row, toEnd ? lastColumn : column + 1);
    case 'PageUp':
      return to(Math.max(0, row - size.pageRows), column);
    case 'PageDown':
      return to(row + size.pageRows, column);
    case 'Home':
      return to(toEnd ? 0 : row, 0);
    case 'End':
      return to(toEnd ? lastRow : row, lastColumn);
    default:
      return null;
  }
}

export interface Rectangle {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The body cells between two corners, both included. */
export function rectangle(a: Cell, b: Cell): Rectangle {
  return {
    top: Math.max(0, Math.min(a.row, b.row)),
    bottom: Math.max(a.row, b.row),
    left: Math.min(a.column, b.column),
    right: Math.max(a.column, b.column),
  };
}

export function isInside(area: Rectangle, row: number, column: number): boolean {
  return row >= area.top && row <= area.bottom && column >= area.left && column <= area.right;
}

const MAX_COPIED_CELLS = 200_000;

/** Tab-separated exact texts, as spreadsheets take them; nulls are empty. Null where the area is too large to copy. */
export function copyText(
  area: Rectangle,
  textAt: (row: number, column: number) => string | null,
): string | null {
  const cells = (area.bottom - area.top + 1) * (area.right - area.left + 1);
  if (cells > MAX_COPIED_CELLS) return null;
  const lines: string[] = [];
  for (let row = area.top; row <= area.bottom; row++) {
    const texts: string[] = [];
    for (let column = area.left; column <= area.right; column++)
      texts.push(quoted(textAt(row, column) ?? '', cells));
    lines.push(texts.join('\t'));
  }
  return lines.join('\n');
}

function quoted(text: string, cells: number): string {
  return cells > 1 && /[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
