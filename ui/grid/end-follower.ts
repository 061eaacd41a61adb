import type { GridTexts } from '../locales/grid-texts.ts';

export interface EndFollowerOptions {
  readonly parent: HTMLElement;
  readonly texts: GridTexts;
  readonly jump: () => void;
}

/**
 * Whether a grid goes along with the end of a table that rows are appended to: from its opening on, until the viewer goes
 * elsewhere, and again once they are back at the end. Meanwhile a button leads back and tells how many rows came. While
 * all rows are in view there is nowhere else to go.
 */
export class EndFollower {
  readonly #options: EndFollowerOptions;
  readonly #button = document.createElement('button');
  #canFollow = false;
  #isAway = false;
  #endRow = 0;
  #leftAtRow = 0;

  constructor(options: EndFollowerOptions) {
    this.#options = options;
    this.#button.type = 'button';
    this.#button.className = 'jump-button';
    this.#button.hidden = true;
    this.#button.addEventListener('click', options.jump);
    options.parent.append(this.#button);
  }

  get isFollowing(): boolean {
    return this.#canFollow && !this.#isAway;
  }

  /** Whether the table is one to follow, as far as is known by now. */
  setCanFollow(canFollow: boolean): void {
    this.#canFollow = canFollow;
  }

  /** The viewer moved. */
  moved(isAtEnd: boolean): void {
    if (!isAtEnd && !this.#isAway) this.#leftAtRow = this.#endRow;
    this.#isAway = !isAtEnd;
  }

  /** To be called with each draw; `endRow` counts all rows that the table ever had, null where it does not tell. */
  draw(endRow: number | null, isWhole: boolean): void {
    this.#endRow = endRow ?? 0;
    if (isWhole) this.#isAway = false;
    const isShown = this.#canFollow && this.#isAway;
    if (this.#button.hidden === isShown) this.#button.hidden = !isShown;
    if (!isShown) return;
    const { texts } = this.#options;
    const count = this.#endRow - this.#leftAtRow;
    const text = count > 0 ? `${texts.jumpToEnd} · ${texts.newRows(count)}` : texts.jumpToEnd;
    if (this.#button.textContent !== text) this.#button.textContent = text;
  }

  close(): void {
    this.#button.remove();
  }
}
