import type { Cell, GridSelection } from './cell-selection.ts';
import type { GridSurface } from './surface/grid-surface.ts';

export interface GridPointerOptions {
  readonly surface: GridSurface;
  readonly selection: GridSelection;
  /** The first column holds row numbers: there whole rows are selected. */
  readonly hasRowNumbers: () => boolean;
  readonly size: () => { readonly rows: number; readonly columns: number };
  /** The line at that row was pressed at its group's cell; answers whether it is a group's line. */
  readonly toggleGroup: (row: number) => boolean;
  readonly selectionChanged: () => void;
  /** The view scrolled by a drag. */
  readonly onMoved: () => void;
}

const SCROLL_STEP_PX = 20;

/** Selecting with the pointer: press and drag, which scrolls at the edges; Shift extends. A finger scrolls, and taps one cell. */
export function bindGridPointer(options: GridPointerOptions): () => void {
  const { surface, selection } = options;
  const abort = new AbortController();
  let drag: { readonly isRows: boolean; x: number; y: number; frame: number } | null = null;

  function select(cell: Cell, isExtended: boolean, isRows: boolean): void {
    if (isRows) selectRows(cell.row, isExtended);
    else selection.moveTo(cell, isExtended);
    options.selectionChanged();
  }

  function selectRows(row: number, isExtended: boolean): void {
    const { columns } = options.size();
    const anchorRow = isExtended ? (selection.active?.row ?? row) : row;
    if (!isExtended) selection.moveTo({ row, column: 0 }, false);
    selection.select({ row: anchorRow, column: 0 }, { row, column: columns - 1 });
  }

  function cellOf(event: MouseEvent): Cell | null {
    const target = event.target instanceof Element ? event.target.closest('td') : null;
    const { rows } = options.size();
    const cell = surface.cellAt(event.clientX, event.clientY);
    return target === null || cell.row >= rows ? null : cell;
  }

  function onPointerDown(event: PointerEvent): void {
    const cell = cellOf(event);
    if (event.button !== 0 || event.pointerType === 'touch' || cell === null) return;
    const isRows = options.hasRowNumbers() && cell.column === 0;
    if (isGroupCell(event) && !event.shiftKey && options.toggleGroup(cell.row)) return;
    select(cell, event.shiftKey, isRows);
    surface.element.setPointerCapture(event.pointerId);
    drag = { isRows, x: event.clientX, y: event.clientY, frame: 0 };
  }

  function onPointerMove(event: PointerEvent): void {
    if (drag === null) return;
    drag.x = event.clientX;
    drag.y = event.clientY;
    extend();
    if (drag.frame === 0) drag.frame = requestAnimationFrame(scrollAtEdge);
  }

  function extend(): void {
    if (drag === null) return;
    const { rows } = options.size();
    const at = surface.cellAt(drag.x, drag.y);
    const cell = { row: Math.min(rows - 1, at.row), column: at.column };
    const { active } = selection;
    if (!drag.isRows && active?.row === cell.row && active.column === cell.column) return;
    select(cell, true, drag.isRows);
  }

  function scrollAtEdge(): void {
    if (drag === null) return;
    const box = surface.element.getBoundingClientRect();
    const beyond = (at: number, from: number, to: number) => (at < from ? -1 : at > to ? 1 : 0);
    const x = beyond(drag.x, box.left, box.right) * SCROLL_STEP_PX;
    const y = beyond(drag.y, box.top, box.bottom) * SCROLL_STEP_PX;
    drag.frame = x === 0 && y === 0 ? 0 : requestAnimationFrame(scrollAtEdge);
    if (x === 0 && y === 0) return;
    surface.scrollBy(x, y);
    options.onMoved();
    extend();
  }

  function onPointerEnd(): void {
    if (drag !== null) cancelAnimationFrame(drag.frame);
    drag = null;
  }

  /** A finger's tap. */
  function onClick(event: PointerEvent): void {
    const cell = cellOf(event);
    if (event.pointerType !== 'touch' || cell === null) return;
    if (isGroupCell(event) && options.toggleGroup(cell.row)) return;
    select(cell, false, options.hasRowNumbers() && cell.column === 0);
  }

  const { element } = surface;
  element.addEventListener('pointerdown', onPointerDown, { signal: abort.signal });
  element.addEventListener('pointermove', onPointerMove, { signal: abort.signal });
  element.addEventListener('pointerup', onPointerEnd, { signal: abort.signal });
  element.addEventListener('pointercancel', onPointerEnd, { signal: abort.signal });
  element.addEventListener('click', onClick, { signal: abort.signal });
  return () => {
    onPointerEnd();
    abort.abort();
  };
}

function isGroupCell(event: Event): boolean {
  return event.target instanceof Element && event.target.closest('td.is-group-cell') !== null;
}
