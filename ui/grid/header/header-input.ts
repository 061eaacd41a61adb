import { MAX_WIDTH_PX, MIN_WIDTH_PX } from '../column-widths.ts';

export interface HeaderInputOptions {
  /** The grid; its headers are told by `aria-colindex`. */
  readonly element: HTMLElement;
  readonly widthPx: (column: number) => number;
  /** The edge is pulled; called as it moves. */
  readonly resize: (column: number, widthPx: number) => void;
  readonly fit: (column: number) => void;
  readonly openMenu: (column: number) => void;
  readonly sortBy: (column: number, isAlso: boolean) => void;
  /** Columns that may be dragged to another place. */
  readonly canMove: (column: number) => boolean;
  readonly move: (column: number, target: number, isAfter: boolean) => void;
}

interface Pull {
  readonly type: 'edge' | 'header';
  readonly column: number;
  readonly startX: number;
  readonly startWidthPx: number;
  isDragging: boolean;
  target: { readonly column: number; readonly isAfter: boolean } | null;
}

const DRAG_AFTER_PX = 6;

/**
 * The pointer on a grid's headers: a click sorts (with Shift by this column too), the button opens the menu, the edge sets
 * the width or fits it at a double click, and a header can be dragged to another place. Returns its end.
 */
export function bindHeaderInput(options: HeaderInputOptions): () => void {
  const { element } = options;
  const abort = new AbortController();
  let pull: Pull | null = null;
  let wasDragged = false;

  function onPointerDown(event: PointerEvent): void {
    const column = headerColumn(event.target);
    wasDragged = false;
    if (event.button !== 0 || column === null || isIn(event.target, '.grid-head-menu')) return;
    const type = isIn(event.target, '.grid-head-edge') ? 'edge' : 'header';
    if (type === 'header' && (event.pointerType === 'touch' || !options.canMove(column))) return;
    const startWidthPx = options.widthPx(column);
    pull = { type, column, startX: event.clientX, startWidthPx, isDragging: false, target: null };
  }

  function onPointerMove(event: PointerEvent): void {
    if (pull === null) return;
    const movedPx = event.clientX - pull.startX;
    if (!pull.isDragging && Math.abs(movedPx) < (pull.type === 'edge' ? 1 : DRAG_AFTER_PX)) return;
    if (!pull.isDragging) element.setPointerCapture(event.pointerId);
    pull.isDragging = true;
    if (pull.type === 'edge') {
      const widthPx = pull.startWidthPx + movedPx;
      options.resize(pull.column, Math.max(MIN_WIDTH_PX, Math.min(MAX_WIDTH_PX, widthPx)));
    } else {
      pull.target = targetAt(event.clientX, pull.column);
      showDrag(pull);
    }
  }

  function targetAt(x: number, dragged: number): Pull['target'] {
    for (const th of headers(element)) {
      const box = th.getBoundingClientRect();
      if (x < box.left || x > box.right) continue;
      const column = headerColumn(th)!;
      const isAfter = x > box.left + box.width / 2;
      const isSame = column === dragged || column === dragged + (isAfter ? -1 : 1);
      return isSame || !options.canMove(column) ? null : { column, isAfter };
    }
    return null;
  }

  function showDrag(state: Pull | null): void {
    for (const th of headers(element)) {
      const column = headerColumn(th);
      th.classList.toggle('is-dragged', state?.column === column);
      th.classList.toggle('is-drop-before', state?.target?.column === column && !state.target.isAfter);
      th.classList.toggle('is-drop-after', state?.target?.column === column && state.target.isAfter);
    }
  }

  function onPointerUp(): void {
    if (pull === null) return;
    const { type, column, isDragging, target } = pull;
    pull = null;
    wasDragged = isDragging;
    showDrag(null);
    if (type === 'header' && target !== null) options.move(column, target.column, target.isAfter);
  }

  function onPointerCancel(): void {
    pull = null;
    showDrag(null);
  }

  function onClick(event: MouseEvent): void {
    const column = headerColumn(event.target);
    if (column === null || wasDragged || isIn(event.target, '.grid-head-edge')) return;
    if (isIn(event.target, '.grid-head-menu')) options.openMenu(column);
    else options.sortBy(column, event.shiftKey);
  }

  function onDoubleClick(event: MouseEvent): void {
    const column = headerColumn(event.target);
    if (column !== null && isIn(event.target, '.grid-head-edge')) options.fit(column);
  }

  element.addEventListener('pointerdown', onPointerDown, { signal: abort.signal });
  element.addEventListener('pointermove', onPointerMove, { signal: abort.signal });
  element.addEventListener('pointerup', onPointerUp, { signal: abort.signal });
  element.addEventListener('pointercancel', onPointerCancel, { signal: abort.signal });
  element.addEventListener('click', onClick, { signal: abort.signal });
  element.addEventListener('dblclick', onDoubleClick, { signal: abort.signal });
  return () => abort.abort();
}

function headers(element: HTMLElement): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>('th')];
}

/** The column of the header that the event came from, from 0; null elsewhere. */
function headerColumn(target: EventTarget | null): number | null {
  const th = target instanceof Element ? target.closest('th') : null;
  const index = th?.getAttribute('aria-colindex') ?? null;
  return index === null ? null : Number(index) - 1;
}

function isIn(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
