import { effect } from '@preact/signals-core';
import { LitElement } from 'lit';

/**
 * An element that draws again when a signal it read while drawing changes. It draws into the light DOM: the page has
 * one stylesheet, and tests and assistive technology see one document.
 */
export class SignalElement extends LitElement {
  #release: (() => void) | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override performUpdate(): void {
    if (!this.isUpdatePending) return;
    this.#release?.();
    let isFirst = true;
    this.#release = effect(() => {
      if (isFirst) super.performUpdate();
      else this.requestUpdate();
      isFirst = false;
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#release?.();
    this.#release = null;
  }
}
