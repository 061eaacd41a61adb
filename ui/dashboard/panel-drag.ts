import { GRID_COLUMNS, type Panel } from '../../protocol/dashboard/dashboard.ts';
import { draggedPlace, type Place } from './layout.ts';

/** As the stylesheet has them. */
const ROW_PX = 40;
const GAP_PX = 8;

export interface PanelDragOptions {
  /** The grid that panels stand on. */
  readonly grid: HTMLElement;
  /** As they were when the drag began. */
  readonly panels: readonly Panel[];
  readonly panel: Panel;
  readonly isResize: boolean;
  /** Where the panel would be dropped now. */
  readonly onPlace: (place: Place) => void;
  /** `isKept`: it is dropped there; else it goes back. */
  readonly onEnd: (isKept: boolean) => void;
}

/** Follows a pointer that was pressed on a panel until it is released; Escape and a lost pointer call it off. */
export function startPanelDrag(pressed: PointerEvent, options: PanelDragOptions): void {
  if (pressed.button !== 0) return;
  pressed.preventDefault();
  const { grid, panels, panel, isResize, onPlace, onEnd } = options;
  const abort = new AbortController();
  const columnPx = (grid.clientWidth + GAP_PX) / GRID_COLUMNS;
  const scroller = grid.parentElement;
  const startScrollPx = scroller?.scrollTop ?? 0;
  let last = '';

  function moved(event: PointerEvent): void {
    const scrolledPx = (scroller?.scrollTop ?? 0) - startScrollPx;
    const dx = Math.round((event.clientX - pressed.clientX) / columnPx);
    const dy = Math.round((event.clientY - pressed.clientY + scrolledPx) / (ROW_PX + GAP_PX));
    const place = isResize
      ? { ...panel, width: panel.width + dx, height: panel.height + dy }
      : draggedPlace(panels, panel, panel.x + dx, panel.y + dy);
    const now = JSON.stringify([place.x, place.y, place.width, place.height]);
    if (now !== last) onPlace(place);
    last = now;
  }

  function end(isKept: boolean): void {
    abort.abort();
    onEnd(isKept);
  }

  const { signal } = abort;
  document.addEventListener('pointermove', moved, { signal });
  document.addEventListener('pointerup', () => end(true), { signal });
  document.addEventListener('pointercancel', () => end(false), { signal });
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Escape') end(false);
    },
    { signal },
  );
}
