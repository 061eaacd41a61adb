import { type Cell, type GridSelection, type GridSize, moveCell } from './cell-selection.ts';

/** What the keyboard may ask of a grid. Columns are those of the view. */
export interface GridActions {
  readonly size: () => GridSize;
  /** Goes there and brings it into view. */
  readonly moveTo: (cell: Cell, isExtended: boolean) => void;
  readonly selectionChanged: () => void;
  /** `isAlso` adds the column to the sort. */
  readonly sortBy: (column: number, isAlso: boolean) => void;
  readonly widen: (column: number, stepPx: number) => void;
  readonly openMenu: (column: number) => void;
  /** Opens or closes the group of a line; null turns it over. Answers whether the line is a group's and changes by that. */
  readonly setExpanded: (row: number, isExpanded: boolean | null) => boolean;
  readonly copyWithHeaders: () => void;
  /** Where the keyboard begins. */
  readonly firstCell: () => Cell | null;
}

const WIDTH_STEP_PX = 16;

/**
 * Keyboard of a grid: the ARIA grid pattern's, and on a header Enter to sort (with Shift to sort by it too), Shift with an
 * arrow for its width, Alt with down or the context menu key for its menu. The grid element itself keeps the focus and
 * names the active cell by `aria-activedescendant`, because cells are recycled while it scrolls. Returns its end.
 */
export function bindGridKeys(
  element: HTMLElement,
  selection: GridSelection,
  actions: GridActions,
): () => void {
  const abort = new AbortController();

  function onKeyDown(event: KeyboardEvent): void {
    if (event.target !== element) return;
    const active = selection.active ?? actions.firstCell();
    if (active === null) return;
    const isDone =
      onMenuKey(event, active) ||
      onSelectKey(event, active) ||
      (active.row < 0 ? onHeaderKey(event, active) : onRowKey(event, active)) ||
      onMoveKey(event, active);
    if (isDone) event.preventDefault();
  }

  function onMenuKey(event: KeyboardEvent, active: Cell): boolean {
    const isMenu =
      event.key === 'ContextMenu' ||
      (event.key === 'F10' && event.shiftKey) ||
      (event.key === 'ArrowDown' && event.altKey);
    if (isMenu) actions.openMenu(active.column);
    return isMenu;
  }

  function onSelectKey(event: KeyboardEvent, active: Cell): boolean {
    const { rows, columns } = actions.size();
    const isControl = event.ctrlKey || event.metaKey;
    const lower = event.key.toLowerCase();
    if (isControl && lower === 'a')
      selection.select({ row: 0, column: 0 }, { row: rows - 1, column: columns - 1 });
    else if (isControl && event.key === ' ')
      selection.select({ row: 0, column: active.column }, { row: rows - 1, column: active.column });
    else if (event.shiftKey && event.key === ' ' && active.row >= 0) {
      const { top, bottom } = selection.area ?? { top: active.row, bottom: active.row };
      selection.select({ row: top, column: 0 }, { row: bottom, column: columns - 1 });
    } else if (event.key === 'Escape') selection.collapse();
    else if (isControl && event.shiftKey && lower === 'c') actions.copyWithHeaders();
    else return false;
    actions.selectionChanged();
    return true;
  }

  function onHeaderKey(event: KeyboardEvent, active: Cell): boolean {
    const isArrow = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    if (event.key === 'Enter' || event.key === ' ') actions.sortBy(active.column, event.shiftKey);
    else if (event.shiftKey && isArrow)
      actions.widen(active.column, event.key === 'ArrowLeft' ? -WIDTH_STEP_PX : WIDTH_STEP_PX);
    else return false;
    return true;
  }

  function onRowKey(event: KeyboardEvent, active: Cell): boolean {
    if (event.key === 'Enter' || event.key === ' ') return actions.setExpanded(active.row, null);
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || active.column > 0) return false;
    if (event.key === 'ArrowRight') return actions.setExpanded(active.row, true);
    return event.key === 'ArrowLeft' && actions.setExpanded(active.row, false);
  }

  function onMoveKey(event: KeyboardEvent, active: Cell): boolean {
    const next = moveCell(active, event, actions.size());
    if (next === null) return false;
    actions.moveTo(next, event.shiftKey);
    return true;
  }

  function onFocus(): void {
    const first = actions.firstCell();
    if (selection.active === null && element.matches(':focus-visible') && first !== null)
      actions.moveTo(first, false);
  }

  element.addEventListener('keydown', onKeyDown, { signal: abort.signal });
  element.addEventListener('focus', onFocus, { signal: abort.signal });
  return () => abort.abort();
}
