import { html, nothing, render, type TemplateResult } from 'lit';
import type { Texts } from '../../locales/en.ts';
import type { GridState } from '../state/grid-state.ts';
import type { ActivePart } from './active-parts.ts';

export interface GridBarContent {
  readonly parts: readonly ActivePart[];
  readonly search: string;
  /** Rows that pass, and all; null where nothing is left out. */
  readonly shown: { readonly rows: number; readonly all: number } | null;
  readonly isArranging: boolean;
  /** Something to say for a moment. */
  readonly message: string | null;
  readonly hasSearchKey: boolean;
}

export interface GridBarOptions {
  readonly parent: HTMLElement;
  readonly table: string;
  readonly texts: Texts;
  readonly onState: (state: GridState) => void;
  readonly onSearch: (text: string) => void;
  readonly onFilterPart: (column: string, anchor: DOMRect) => void;
  readonly openMenu: (anchor: DOMRect) => void;
  /** The viewer is done searching: the keyboard goes on in the grid. */
  readonly leave: () => void;
}

const SEARCH_DELAY_MS = 150;

/** The line above a grid: what to search for, what makes the view differ from the table, and the view's menu. */
export class GridBar {
  readonly #element: HTMLElement;
  readonly #options: GridBarOptions;
  #searchTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: GridBarOptions) {
    this.#options = options;
    this.#element = options.parent;
    this.#element.className = 'grid-bar';
  }

  draw(content: GridBarContent): void {
    render(this.#template(content), this.#element);
  }

  /** The keyboard goes to the search. */
  focusSearch(): void {
    const input = this.#element.querySelector('input');
    input?.focus();
    input?.select();
  }

  close(): void {
    if (this.#searchTimer !== null) clearTimeout(this.#searchTimer);
    this.#element.remove();
  }

  #template({ parts, search, shown, isArranging, message, hasSearchKey }: GridBarContent): TemplateResult {
    const { grid } = this.#options.texts;
    const count = shown === null ? '' : grid.shownOf(shown.rows, shown.all);
    return html`
      <label class="grid-search">
        <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="7" cy="7" r="4.5" /><path d="M10.5 10.5 14 14" /></svg>
        <input type="search" placeholder=${grid.search} aria-label=${grid.searchTable(this.#options.table)}
          aria-keyshortcuts=${hasSearchKey ? '/' : nothing} autocomplete="off" spellcheck="false" .value=${this.#isSearching() ? this.#typed() : search}
          @input=${(event: InputEvent) => this.#typing(event)} @keydown=${(event: KeyboardEvent) => this.#searchKey(event)} />
        ${hasSearchKey ? html`<kbd aria-hidden="true">/</kbd>` : nothing}
      </label>
      ${parts.length === 0 ? nothing : html`<ul class="chips" aria-label=${grid.activeParts}>${parts.map((part) => this.#chip(part))}</ul>`}
      <span class="grid-count" aria-live="polite">${message ?? (isArranging ? grid.arranging : count)}</span>
      <button class="icon-button" type="button" aria-label=${grid.tableMenu} aria-haspopup="menu" title=${grid.tableMenu}
        @click=${(event: Event) => this.#options.openMenu(boxOf(event))}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8h.01M8 8h.01M13 8h.01" /></svg>
      </button>`;
  }

  #chip(part: ActivePart): TemplateResult {
    const { texts, onState, onFilterPart } = this.#options;
    const { pressed, column } = part;
    const press =
      pressed !== null
        ? () => onState(pressed)
        : part.type === 'filter' && column !== null
          ? (event: Event) => onFilterPart(column, boxOf(event))
          : null;
    const title = part.isProblem ? texts.grid.notUnderstood : part.text;
    return html`<li class=${part.isProblem ? 'chip is-problem' : 'chip'} title=${title}>
      ${
        press === null
          ? html`<span class="chip-text">${part.text}</span>`
          : html`<button class="chip-text" type="button" @click=${press}>${part.text}</button>`
      }
      <button class="chip-remove" type="button" aria-label=${texts.grid.remove(part.text)}
        @click=${() => onState(part.removed)}><svg viewBox="0 0 16 16" aria-hidden="true"><path d="m5 5 6 6M11 5l-6 6" /></svg></button>
    </li>`;
  }

  #isSearching(): boolean {
    return this.#searchTimer !== null;
  }

  #typed(): string {
    return this.#element.querySelector('input')?.value ?? '';
  }

  #typing(event: InputEvent): void {
    if (this.#searchTimer !== null) clearTimeout(this.#searchTimer);
    const text = event.target instanceof HTMLInputElement ? event.target.value : '';
    this.#searchTimer = setTimeout(() => this.#search(text), SEARCH_DELAY_MS);
  }

  #search(text: string): void {
    if (this.#searchTimer !== null) clearTimeout(this.#searchTimer);
    this.#searchTimer = null;
    this.#options.onSearch(text);
  }

  #searchKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.#search(event.key === 'Escape' ? '' : this.#typed());
    this.#options.leave();
  }
}

function boxOf(event: Event): DOMRect {
  const target = event.currentTarget;
  return target instanceof Element ? target.getBoundingClientRect() : new DOMRect();
}
