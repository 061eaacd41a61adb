import type { Change } from '../cells/cell-changes.ts';
import type { CellFlashes } from './cell-flashes.ts';

/** What a body cell shows. */
export interface CellLook {
  readonly text: string;
  readonly className: string;
  /** The whole text, where the cell shows less: told where the pointer or the keyboard is. */
  readonly whole: string | null;
  /** What else is to be said of it, wherever they are, and instead. */
  readonly title: string | null;
  /** Whether what it heads is open; null where it heads nothing. ARIA allows that on a grid's cells alone, not on its rows. */
  readonly isExpanded: boolean | null;
  readonly isSelected: boolean;
  /** Whether the keyboard is on it. */
  readonly isActive: boolean;
  /** How the commit that is drawn changed it, for which it flashes. */
  readonly change: Change | null;
}

const NOTHING: CellLook = {
  text: '',
  className: '',
  whole: null,
  title: null,
  isExpanded: null,
  isSelected: false,
  isActive: false,
  change: null,
};

/**
 * A table cell on screen that is drawn again and again; it writes to the page only what changed. Titles of all cells would
 * cost more than their texts: browsers look at the style of an element again whose title changes.
 */
export class DrawnCell {
  readonly element: HTMLTableCellElement;
  readonly #text = document.createTextNode('');
  readonly #activeId: string;
  readonly #flashes: CellFlashes;
  #look = NOTHING;
  #title: string | null = null;
  #isPointed = false;
  #className = '';
  #column = -1;
  #leftPx = Number.NaN;
  #widthPx = Number.NaN;

  /** `activeId` is the id of whichever cell is active. */
  constructor({ activeId, flashes }: { readonly activeId: string; readonly flashes: CellFlashes }) {
    this.#activeId = activeId;
    this.#flashes = flashes;
    this.element = document.createElement('td');
    this.element.setAttribute('role', 'gridcell');
    this.element.setAttribute('aria-selected', 'false');
    this.element.append(this.#text);
    this.element.addEventListener('pointerenter', () => this.#point(true));
    this.element.addEventListener('pointerleave', () => this.#point(false));
  }

  place(column: number, leftPx: number, widthPx: number): void {
    if (column !== this.#column) {
      this.element.setAttribute('aria-colindex', String(column + 1));
      this.#column = column;
      this.endFlash();
    }
    if (leftPx !== this.#leftPx) this.element.style.left = `${leftPx}px`;
    if (widthPx !== this.#widthPx) this.element.style.width = `${widthPx}px`;
    this.#leftPx = leftPx;
    this.#widthPx = widthPx;
  }

  draw(look: CellLook, pinClass: string): void {
    const before = this.#look;
    if (look.text !== before.text) this.#text.data = look.text;
    const className = `${look.className}${pinClass}`;
    if (className !== this.#className) this.element.className = className;
    this.#className = className;
    if (look.isExpanded !== before.isExpanded) {
      if (look.isExpanded === null) this.element.removeAttribute('aria-expanded');
      else this.element.setAttribute('aria-expanded', String(look.isExpanded));
    }
    if (look.isSelected !== before.isSelected)
      this.element.setAttribute('aria-selected', String(look.isSelected));
    if (look.isActive !== before.isActive) {
      if (look.isActive) this.element.id = this.#activeId;
      else this.element.removeAttribute('id');
    }
    if (look.change !== null) this.#flashes.start(this.element, look.change);
    this.#look = look;
    this.#drawTitle();
  }

  /** It shows another value's place from now on. */
  endFlash(): void {
    this.#flashes.end(this.element);
  }

  remove(): void {
    this.endFlash();
    this.element.remove();
  }

  #point(isPointed: boolean): void {
    this.#isPointed = isPointed;
    this.#drawTitle();
  }

  #drawTitle(): void {
    const { title, whole, isActive } = this.#look;
    const wanted = title ?? (this.#isPointed || isActive ? whole : null);
    if (wanted === this.#title) return;
    this.#title = wanted;
    if (wanted === null) this.element.removeAttribute('title');
    else this.element.title = wanted;
  }
}
