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

/** Where the keyboard is in a grid, and which cells are selected. Rows and columns are those of the view. */
export class GridSelection {
  #active: Cell | null = null;
  #anchor: Cell | null = null;
  #head: Cell | null = null;

  get active(): Cell | null {
    return this.#active;
  }

  /** The selected body cells; null where there are none. */
  get area(): Rectangle | null {
    if (this.#anchor === null || this.#head === null || this.#head.row < 0) return null;
    return rectangle(this.#anchor, this.#head);
  }

  /** Goes to a cell; the selection ends there, and begins there unless it is extended. */
  moveTo(cell: Cell, isExtended: boolean): void {
    this.#active = cell;
    this.#head = cell;
    if (!isExtended || this.#anchor === null || this.#anchor.row < 0) this.#anchor = cell;
  }

  /** Selects all between two cells and stays where it is. */
  select(anchor: Cell, head: Cell): void {
    this.#active ??= head;
    this.#anchor = anchor;
    this.#head = head;
  }

  /** Only the active cell stays selected. */
  collapse(): void {
    this.#anchor = this.#active;
    this.#head = this.#active;
  }

  /** Rows came or went before the selected ones; what no longer exists is left to the nearest cell. */
  follow(shiftRows: number, size: Pick<GridSize, 'rows' | 'columns'>): void {
    const moved = (cell: Cell | null): Cell | null =>
      cell === null || cell.row < 0
        ? cell
        : {
            row: Math.max(Math.min(0, size.rows - 1), Math.min(size.rows - 1, cell.row + shiftRows)),
            column: Math.max(0, Math.min(size.columns - 1, cell.column)),
          };
    this.#active = moved(this.#active);
    this.#anchor = moved(this.#anchor);
    this.#head = moved(this.#head);
  }

  /** Rows are no longer where they were; who is on a header stays there. */
  clearRows(): void {
    if (this.#active !== null && this.#active.row >= 0) this.#active = null;
    this.collapse();
  }

  clear(): void {
    this.#active = null;
    this.collapse();
  }
}

export const MAX_COPIED_CELLS = 1_000_000;

export function cellCount(area: Rectangle): number {
  return (area.bottom - area.top + 1) * (area.right - area.left + 1);
}

/**
 * Tab-separated exact texts, as spreadsheets take them, below the headers if there are any; nulls are empty. Null where
 * the area is too large to copy.
 */
export function copyText(
  area: Rectangle,
  textAt: (row: number, column: number) => string | null,
  headerAt: ((column: number) => string) | null = null,
): string | null {
  const cells = cellCount(area);
  if (cells > MAX_COPIED_CELLS) return null;
  const isTable = cells > 1 || headerAt !== null;
  const line = (textOf: (column: number) => string | null): string => {
    const texts: string[] = [];
    for (let column = area.left; column <= area.right; column++)
      texts.push(quoted(textOf(column) ?? '', isTable));
    return texts.join('\t');
  };
  const lines = headerAt === null ? [] : [line(headerAt)];
  for (let row = area.top; row <= area.bottom; row++) lines.push(line((column) => textAt(row, column)));
  return lines.join('\n');
}

function quoted(text: string, isTable: boolean): string {
  return isTable && /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
