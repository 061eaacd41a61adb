import { html, nothing, render, type TemplateResult } from 'lit';
import { focusedElement } from '../focused-element.ts';
import { openPopup, type Popup } from './popup.ts';

export type MenuItem =
  | { readonly type: 'action'; readonly label: string; readonly run: () => void }
  /** Stays what it is until run; a dot marks the one that is chosen. */
  | { readonly type: 'choice'; readonly label: string; readonly isChosen: boolean; readonly run: () => void }
  | { readonly type: 'line' };

export interface MenuOptions {
  readonly host: HTMLElement;
  readonly anchor: DOMRect;
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Shown below the items. */
  readonly below?: HTMLElement;
  readonly onClose: () => void;
}

/** A menu in the ARIA menu pattern: arrows, Home, End and first letters move, Enter and Space choose, Escape and Tab close. */
export function openMenu(options: MenuOptions): Popup {
  const content = document.createElement('div');
  render(menuTemplate(options), content);
  if (options.below !== undefined) content.append(options.below);
  const items = () => [...content.querySelectorAll<HTMLElement>('[role^=menuitem]')];
  const popup = openPopup({ ...options, content, focus: () => items()[0] ?? null });

  content.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target.closest('[data-item]') : null;
    const item = options.items[Number(target?.getAttribute('data-item') ?? -1)];
    if (item === undefined || item.type === 'line') return;
    popup.close();
    item.run();
  });
  // One item is marked, whether the keyboard or the pointer went to it.
  content.addEventListener('pointermove', (event) => {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-item]') : null;
    if (target !== focusedElement(content)) target?.focus();
  });
  content.addEventListener('keydown', (event) => {
    const all = items();
    const next = nextIndex(event, all, all.indexOf(focusedElement(content) as HTMLElement));
    if (event.key === 'Tab') popup.close();
    else if (next === null) return;
    else all[next]?.focus();
    event.preventDefault();
  });
  return popup;
}

function menuTemplate({ label, items }: MenuOptions): TemplateResult {
  return html`<div class="menu" role="menu" aria-label=${label}>
    ${items.map((item, i) => {
      if (item.type === 'line') return html`<div class="menu-line" role="separator"></div>`;
      const isChoice = item.type === 'choice';
      return html`<button class="menu-item" type="button" tabindex="-1" data-item=${i}
        role=${isChoice ? 'menuitemcheckbox' : 'menuitem'} aria-checked=${isChoice ? String(item.isChosen) : nothing}
        >${item.label}</button>`;
    })}
  </div>`;
}

function nextIndex(event: KeyboardEvent, items: readonly HTMLElement[], at: number): number | null {
  const last = items.length - 1;
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.key === 'ArrowDown') return at >= last ? 0 : at + 1;
  if (event.key === 'ArrowUp') return at <= 0 ? last : at - 1;
  if (event.key === 'Home') return 0;
  if (event.key === 'End') return last;
  if (event.key.length !== 1 || event.key === ' ') return null;
  const letter = event.key.toLowerCase();
  const starts = (item: HTMLElement) => item.textContent.trim().toLowerCase().startsWith(letter);
  const after = items.findIndex((item, i) => i > at && starts(item));
  const found = after < 0 ? items.findIndex(starts) : after;
  return found < 0 ? null : found;
}
