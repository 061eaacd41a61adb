import type { RegularTableElement } from 'regular-table/dist/esm/regular-table.js';
import { type Cell, moveCell } from './cell-selection.ts';
import { headerColumn } from './regular-table-host.ts';

const MAX_CORRECTIONS = 4;

export interface GridInputOptions {
  readonly element: RegularTableElement;
  readonly rowPx: number;
  readonly headerRows: number;
  readonly size: () => { readonly rows: number; readonly columns: number };
  readonly columnPx: (column: number) => number;
  /** The text of the cells between two corners; null where there is none. */
  readonly copy: (a: Cell, b: Cell) => string | null;
  readonly sortBy: (column: number) => void;
  readonly selectionChanged: () => void;
}

export interface GridInput {
  /** Where the keyboard is, and the selection's other corner. */
  corners(): { readonly active: Cell | null; readonly anchor: Cell | null };
  close(): void;
}

/**
 * Keyboard, pointer and clipboard of a grid. The grid element itself keeps the focus and names the active cell by
 * `aria-activedescendant`, because cells are recycled while it scrolls. Shift extends the selection.
 */
export function bindGridInput(options: GridInputOptions): GridInput {
  const { element } = options;
  const abort = new AbortController();
  const state: { active: Cell | null; anchor: Cell | null } = { active: null, anchor: null };

  // Where columns were guessed, the first scroll shows how wide they are and the next one gets there.
  let correctionsLeft = 0;

  function onScrolled(): void {
    if (state.active === null || correctionsLeft === 0) return;
    const isShown = isWhollyShown(element);
    correctionsLeft = isShown ? 0 : correctionsLeft - 1;
    if (isShown) return;
    bringIntoView(state.active, options);
  }

  function go(cell: Cell, extends_: boolean): void {
    correctionsLeft = MAX_CORRECTIONS;
    state.active = cell;
    if (!extends_ || state.anchor === null) state.anchor = cell;
    bringIntoView(cell, options);
    options.selectionChanged();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const { rows, columns } = options.size();
    if (columns === 0) return;
    const active = state.active ?? { row: rows > 0 ? 0 : -1, column: 0 };
    if (active.row < 0 && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      options.sortBy(active.column);
      return;
    }
    const pageRows = Math.max(1, Math.floor(element.clientHeight / options.rowPx) - options.headerRows - 1);
    const next = moveCell(active, event, { rows, columns, pageRows });
    if (next === null) return;
    event.preventDefault();
    go(next, event.shiftKey);
  }

  function onMouseDown(event: MouseEvent): void {
    const target = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('td') : null;
    const meta = target === null ? undefined : element.getMeta(target);
    if (event.button !== 0 || meta?.type !== 'body') return;
    go({ row: meta.y, column: meta.x }, event.shiftKey);
  }

  function onClick(event: MouseEvent): void {
    if (!(event.target instanceof HTMLElement) || event.target.classList.contains('rt-column-resize')) return;
    const th = event.target.closest<HTMLElement>('th');
    const column = th === null ? undefined : headerColumn(element, th);
    if (column !== undefined) options.sortBy(column);
  }

  function onFocus(): void {
    if (state.active === null && element.matches(':focus-visible') && options.size().columns > 0) {
      go({ row: options.size().rows > 0 ? 0 : -1, column: 0 }, false);
    }
  }

  function onCopy(event: ClipboardEvent): void {
    if (document.activeElement !== element || state.active === null || state.anchor === null) return;
    const text = options.copy(state.active, state.anchor);
    if (text === null || event.clipboardData === null) return;
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  }

  element.addEventListener('keydown', onKeyDown, { signal: abort.signal });
  element.addEventListener('mousedown', onMouseDown, { signal: abort.signal });
  element.addEventListener('click', onClick, { signal: abort.signal });
  element.addEventListener('focus', onFocus, { signal: abort.signal });
  element.addEventListener('regular-table-scroll', onScrolled, { signal: abort.signal });
  element.addEventListener('wheel', () => (correctionsLeft = 0), { passive: true, signal: abort.signal });
  document.addEventListener('copy', onCopy, { signal: abort.signal });
  return {
    corners: () => ({ ...state }),
    close: () => abort.abort(),
  };
}

function isWhollyShown(element: HTMLElement): boolean {
  const cell = document.getElementById(element.getAttribute('aria-activedescendant') ?? '');
  if (cell === null) return false;
  const box = cell.getBoundingClientRect();
  const frame = element.getBoundingClientRect();
  return box.left >= frame.left - 1 && box.right <= frame.right + 1;
}

function bringIntoView(cell: Cell, { element, rowPx, headerRows, columnPx, size }: GridInputOptions): void {
  const viewPx = element.clientHeight - headerRows * rowPx;
  const { rows, columns } = size();
  // Past the tallest element a browser can lay out, regular-table scales rows to the scroll range; so does this.
  const scrollPx = Math.max(1, element.scrollHeight - element.clientHeight);
  const scale = Math.min(1, scrollPx / Math.max(1, rows * rowPx - viewPx));
  const topPx = cell.row * rowPx * scale;
  if (cell.row >= 0 && topPx < element.scrollTop) element.scrollTop = Math.floor(topPx);
  const bottomPx = ((cell.row + 1) * rowPx - viewPx) * scale;
  if (cell.row >= 0 && bottomPx > element.scrollTop) element.scrollTop = Math.ceil(bottomPx);
  let leftPx = 0;
  for (let column = 0; column < cell.column; column++) leftPx += columnPx(column);
  if (leftPx < element.scrollLeft) element.scrollLeft = leftPx;
  const rightPx = leftPx + columnPx(cell.column) - element.clientWidth;
  if (rightPx > element.scrollLeft) element.scrollLeft = Math.ceil(rightPx);
  if (cell.column === columns - 1 && columns > 1) element.scrollLeft = element.scrollWidth;
}
