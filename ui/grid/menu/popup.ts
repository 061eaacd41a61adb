import { focusedElement } from '../focused-element.ts';

export interface PopupOptions {
  /** Where it is put into the page; it stands above all else there. */
  readonly host: HTMLElement;
  /** What it belongs to; it opens below. */
  readonly anchor: DOMRect;
  readonly content: HTMLElement;
  /** Given the focus at first. */
  readonly focus: () => HTMLElement | null;
  readonly onClose: () => void;
}

export interface Popup {
  readonly element: HTMLElement;
  /** The content has another size. */
  place(): void;
  close(): void;
}

const MARGIN_PX = 8;

/**
 * Something small above the page, which Escape, a press elsewhere and a focus elsewhere close. The focus goes back to where
 * it was.
 */
export function openPopup(options: PopupOptions): Popup {
  const { host, anchor, content } = options;
  const abort = new AbortController();
  const focusedBefore = focusedElement(host);
  const element = document.createElement('div');
  element.className = 'popup';
  element.append(content);
  host.append(element);
  // Above all else, whatever the page around does with layers, clipping and transforms.
  element.popover = 'manual';
  element.showPopover();

  function place(): void {
    const { width, height } = element.getBoundingClientRect();
    const below = anchor.bottom + 2;
    const highest = Math.max(MARGIN_PX, innerHeight - height - MARGIN_PX);
    const leftmost = Math.max(MARGIN_PX, innerWidth - width - MARGIN_PX);
    element.style.top = `${Math.min(below, highest)}px`;
    element.style.left = `${Math.max(MARGIN_PX, Math.min(anchor.left, leftmost))}px`;
  }

  function close(): void {
    if (abort.signal.aborted) return;
    abort.abort();
    const hadFocus = element.contains(focusedElement(element));
    element.remove();
    if (hadFocus && focusedBefore instanceof HTMLElement) focusedBefore.focus();
    options.onClose();
  }

  function closeUnlessInside(event: Event): void {
    if (!event.composedPath().includes(element)) close();
  }

  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
  });
  document.addEventListener('pointerdown', closeUnlessInside, { capture: true, signal: abort.signal });
  // Focus that moves within a shadow tree is told there alone.
  for (const root of new Set([document, host.getRootNode()]))
    root.addEventListener('focusin', closeUnlessInside, { signal: abort.signal });
  window.addEventListener('resize', place, { signal: abort.signal });
  place();
  options.focus()?.focus();
  return { element, place, close };
}
