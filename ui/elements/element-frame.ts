import { html, nothing, render, type TemplateResult } from 'lit';
import type { Texts } from '../locales/en.ts';

/** What an element says around its view. */
export interface ElementSay {
  readonly texts: Texts;
  readonly status: { readonly kind: 'connecting' | 'live' | 'reconnecting'; readonly text: string };
  /** Something that is so for now: nothing there yet, no rows. */
  readonly notice: string | null;
  /** Something that is wrong. */
  readonly error: string | null;
  /** Where to log in; null where that is not what is missing. */
  readonly loginHref: string | null;
}

/** The fixed parts of an element: notices above its view, the state of its line over it. */
export class ElementFrame {
  readonly element: HTMLElement;
  /** The view is put into it. */
  readonly views: HTMLElement;
  readonly #notices: HTMLElement;
  readonly #status: HTMLElement;

  constructor() {
    this.element = document.createElement('div');
    this.element.className = 'tablecast body';
    this.#notices = part('notices');
    this.views = part('views');
    this.#status = part('embed-status');
    this.element.append(this.#notices, this.views, this.#status);
  }

  draw(say: ElementSay): void {
    render(notices(say), this.#notices);
    const { kind, text } = say.status;
    this.element.dataset.connection = kind;
    render(
      html`<span class="status" data-state=${kind}><span class="dot" aria-hidden="true"></span><span role="status">${text}</span></span>`,
      this.#status,
    );
  }
}

function notices({ texts, notice, error, loginHref }: ElementSay): TemplateResult {
  const login = html`<a href=${loginHref ?? ''} target="_blank" rel="noopener">${texts.logIn}</a>`;
  return html`
    ${notice === null ? nothing : html`<p class="notice">${notice}</p>`}
    ${error === null ? nothing : html`<p class="notice is-error" role="alert"><span>${error}</span> ${loginHref === null ? nothing : login}</p>`}
  `;
}

function part(className: string): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  return element;
}
