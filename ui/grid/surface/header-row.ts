import type { ColumnStrip } from './column-strip.ts';
import { type ColumnWindow, pinClass } from './drawn-row.ts';
import { setAttribute } from './set-attribute.ts';

/** The headers on screen; the elements are their owner's, which keeps their content. */
export class HeaderRow {
  readonly #row: HTMLTableRowElement;
  readonly #activeId: string;
  #headers: readonly HTMLTableCellElement[] = [];
  #drawn = '';
  #active: HTMLElement | null = null;

  /** `activeId` is the id of whichever cell is active. */
  constructor(row: HTMLTableRowElement, activeId: string) {
    this.#row = row;
    this.#activeId = activeId;
  }

  setHeaders(headers: readonly HTMLTableCellElement[]): void {
    this.#headers = headers;
    this.#drawn = '';
  }

  draw(columns: readonly number[], window: ColumnWindow, strip: ColumnStrip): void {
    const drawn = `${columns.join()} ${window.pinned}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const headers = columns.map((column) => {
      const header = this.#headers[column]!;
      header.style.left = `${strip.leftPx(column)}px`;
      header.style.width = `${strip.widthPx(column)}px`;
      setAttribute(header, 'aria-colindex', String(column + 1));
      const pin = pinClass(column, window);
      header.classList.toggle('is-pinned', pin !== '');
      header.classList.toggle('is-pin-edge', pin.includes('edge'));
      return header;
    });
    const before = [...this.#row.children];
    if (before.length !== headers.length || headers.some((header, i) => header !== before[i]))
      this.#row.replaceChildren(...headers);
  }

  /** Marks the header that the keyboard is on; null where it is on none. */
  drawActive(column: number | null): void {
    const header = column === null ? null : (this.#headers[column] ?? null);
    if (header === this.#active) return;
    this.#active?.classList.remove('is-active');
    this.#active?.removeAttribute('id');
    header?.classList.add('is-active');
    header?.setAttribute('id', this.#activeId);
    this.#active = header;
  }
}
