/** Browsers lay out elements of some ten million pixels at most; longer tables scroll through a shorter range. */
export const MAX_SCROLL_PX = 8_000_000;
/** In a shortened range a step longer than so many pages is the scroll bar being dragged, not the wheel. */
const JUMP_PAGES = 1.5;

/**
 * Where in the rows the view is, apart from where the browser's scroll bar is. Pixels of content are exact at any length;
 * the scroll bar is brought to its place by {@link settle} when nobody scrolls. So rows can come and go above the view
 * without moving what is in it, and without disturbing a scroll under way.
 */
export class ScrollMap {
  #contentPx = 0;
  #viewPx = 0;
  #topPx = 0;
  #scrollTopPx = 0;

  /** The content's first visible pixel. */
  get topPx(): number {
    return this.#topPx;
  }

  get maxTopPx(): number {
    return Math.max(0, this.#contentPx - this.#viewPx);
  }

  /** How high the browser is to believe the content is. */
  get rangePx(): number {
    return Math.min(MAX_SCROLL_PX, this.#contentPx);
  }

  get isAtEnd(): boolean {
    return this.#topPx >= this.maxTopPx - 1;
  }

  resize(contentPx: number, viewPx: number): void {
    this.#contentPx = contentPx;
    this.#viewPx = viewPx;
    this.moveTo(this.#topPx);
  }

  resizeView(viewPx: number): void {
    this.resize(this.#contentPx, viewPx);
  }

  moveTo(topPx: number): void {
    this.#topPx = Math.max(0, Math.min(this.maxTopPx, topPx));
  }

  /** The browser scrolled to there; answers whether the view moves by it. */
  scrolled(scrollTopPx: number): boolean {
    const stepPx = scrollTopPx - this.#scrollTopPx;
    this.#scrollTopPx = scrollTopPx;
    if (stepPx === 0) return false;
    const isJump = this.#isShortened && Math.abs(stepPx) > JUMP_PAGES * this.#viewPx;
    this.moveTo(isJump ? (scrollTopPx / this.#maxScrollPx) * this.maxTopPx : this.#topPx + stepPx);
    return true;
  }

  /** Where the scroll bar is. */
  get scrollTopPx(): number {
    return this.#scrollTopPx;
  }

  /** Where the scroll bar belongs for what is in view. */
  get settledPx(): number {
    return this.#isShortened ? (this.#topPx / this.maxTopPx) * this.#maxScrollPx : this.#topPx;
  }

  /** The scroll bar was put there; browsers round. */
  settle(scrollTopPx: number): void {
    this.#scrollTopPx = scrollTopPx;
  }

  get #isShortened(): boolean {
    return this.#contentPx > MAX_SCROLL_PX;
  }

  get #maxScrollPx(): number {
    return Math.max(1, this.rangePx - this.#viewPx);
  }
}
