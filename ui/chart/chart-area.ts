import { type ReadonlySignal, signal } from '@preact/signals-core';
import { html, render } from 'lit';

export interface ChartAreaOptions {
  readonly parent: HTMLElement;
  /** The name of the button that leaves the full screen. */
  readonly leaveLabel: string;
}

/**
 * Where a chart is, and what shapes it beside it; it can fill the screen. Browsers that have no full screen for elements
 * have the window filled.
 */
export class ChartArea {
  readonly element: HTMLElement;
  readonly #isFull = signal(false);
  readonly #leave: HTMLButtonElement;
  readonly #ended = new AbortController();
  #focusedBefore: Element | null = null;

  constructor({ parent, leaveLabel }: ChartAreaOptions) {
    this.element = document.createElement('div');
    this.element.className = 'chart-area';
    this.#leave = leaveButton(leaveLabel, () => void this.toggleFull());
    this.element.append(this.#leave);
    parent.append(this.element);
    const { signal: ended } = this.#ended;
    document.addEventListener('fullscreenchange', () => this.#screenChanged(), { signal: ended });
    this.element.addEventListener('keydown', (event) => this.#key(event), { signal: ended });
  }

  get isFull(): ReadonlySignal<boolean> {
    return this.#isFull;
  }

  async toggleFull(): Promise<void> {
    if (this.#isFull.peek()) {
      if (document.fullscreenElement === this.element) await document.exitFullscreen();
      else this.#setFull(false);
      return;
    }
    this.#focusedBefore = document.activeElement;
    try {
      // Absent in some browsers, and refused in frames that may not.
      await this.element.requestFullscreen();
    } catch {
      this.#setFull(true);
    }
  }

  close(): void {
    this.#ended.abort();
    if (document.fullscreenElement === this.element) void document.exitFullscreen();
    this.element.remove();
  }

  #screenChanged(): void {
    this.#setFull(document.fullscreenElement === this.element);
  }

  #setFull(isFull: boolean): void {
    if (this.#isFull.peek() === isFull) return;
    this.#isFull.value = isFull;
    this.element.toggleAttribute('data-full', isFull);
    this.#leave.hidden = !isFull;
    if (isFull) this.#leave.focus();
    else if (this.#focusedBefore instanceof HTMLElement) this.#focusedBefore.focus();
  }

  #key(event: KeyboardEvent): void {
    const fillsWindow = this.#isFull.peek() && document.fullscreenElement === null;
    if (event.key !== 'Escape' || !fillsWindow || event.defaultPrevented) return;
    event.preventDefault();
    this.#setFull(false);
  }
}

function leaveButton(label: string, leave: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'icon-button chart-leave';
  button.setAttribute('aria-label', label);
  button.title = label;
  button.hidden = true;
  render(
    html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M6 2v4H2M10 2v4h4M6 14v-4H2M10 14v-4h4" /></svg>`,
    button,
  );
  button.addEventListener('click', leave);
  return button;
}
