import { html, type TemplateResult } from 'lit';

const GAP_PX = 4;
const EDGE_PX = 8;
/** As the stylesheet has it. */
const MAX_WIDTH_PX = 420;

export interface PopoverOptions {
  readonly id: string;
  readonly label: string;
  readonly className: string;
  readonly button: unknown;
  readonly content: unknown;
}

/** A button and what it opens over the page: closed by Escape, by a click elsewhere, and by the button. */
export function popover({ id, label, className, button, content }: PopoverOptions): TemplateResult {
  return html`
    <button class=${className} type="button" popovertarget=${id} aria-label=${label} title=${label}>${button}</button>
    <div class="popover" id=${id} popover role="dialog" aria-label=${label} @beforetoggle=${place}>${content}</div>
  `;
}

/** Below its button, from the edge that is nearer to the window's, and inside of the window. */
function place(event: ToggleEvent): void {
  if (event.newState !== 'open' || !(event.target instanceof HTMLElement)) return;
  const element = event.target;
  const button = document.querySelector(`[popovertarget="${element.id}"]`)?.getBoundingClientRect();
  if (button === undefined) return;
  const { clientWidth, clientHeight } = document.documentElement;
  const widthPx = Math.min(MAX_WIDTH_PX, clientWidth - 2 * EDGE_PX);
  const lastPx = clientWidth - widthPx - EDGE_PX;
  const isLeft = button.left + button.right < clientWidth;
  const startPx = isLeft ? button.left : clientWidth - button.right;
  const insetPx = `${Math.min(Math.max(EDGE_PX, startPx), lastPx)}px`;
  const topPx = button.bottom + GAP_PX;
  element.style.left = isLeft ? insetPx : 'auto';
  element.style.right = isLeft ? 'auto' : insetPx;
  element.style.top = `${topPx}px`;
  element.style.maxHeight = `${clientHeight - topPx - EDGE_PX}px`;
}
