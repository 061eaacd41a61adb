import type { ScrollMap } from './scroll-map.ts';

export interface ScrollBarsOptions {
  /** The element that scrolls. */
  readonly element: HTMLElement;
  /** What gives it its range. */
  readonly spacer: HTMLElement;
  readonly map: ScrollMap;
  readonly onScroll: () => void;
}

/** Nobody has scrolled for so long: the scroll bar may be put where it belongs. */
const IDLE_MS = 160;

/** The browser's scroll bars: it listens to them, gives them their range, and puts them in place in quiet moments. */
export class ScrollBars {
  readonly #options: ScrollBarsOptions;
  #leftPx = 0;
  #rangePx = { width: -1, height: -1 };
  #idleTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: ScrollBarsOptions) {
    this.#options = options;
    options.element.addEventListener('scroll', () => this.#scrolled(), { passive: true });
  }

  /** Remembered, since asking the element may make it lay out. */
  get leftPx(): number {
    return this.#leftPx;
  }

  set leftPx(leftPx: number) {
    if (leftPx === this.#leftPx) return;
    this.#options.element.scrollLeft = leftPx;
    this.#leftPx = this.#options.element.scrollLeft;
  }

  /** To be called with each draw: the range that rows and columns take, and while nobody scrolls the place in it. */
  settle(width: number, height: number): void {
    const { element, spacer, map } = this.#options;
    if (width !== this.#rangePx.width) spacer.style.width = `${width}px`;
    if (height !== this.#rangePx.height) spacer.style.height = `${height}px`;
    // Then the browser may have moved the place to the new end.
    const hasShrunk = width < this.#rangePx.width || height < this.#rangePx.height;
    this.#rangePx = { width, height };
    const { settledPx } = map;
    if (this.#idleTimer === null && Math.abs(settledPx - map.scrollTopPx) >= 1) element.scrollTop = settledPx;
    else if (!hasShrunk) return;
    map.settle(element.scrollTop);
    this.#leftPx = element.scrollLeft;
  }

  close(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
  }

  #scrolled(): void {
    const { element, map, onScroll } = this.#options;
    const { scrollLeft } = element;
    const isDown = map.scrolled(element.scrollTop);
    if (!isDown && scrollLeft === this.#leftPx) return;
    this.#leftPx = scrollLeft;
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      this.#idleTimer = null;
      this.settle(this.#rangePx.width, this.#rangePx.height);
    }, IDLE_MS);
    onScroll();
  }
}
