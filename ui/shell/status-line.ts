import { html, type TemplateResult } from 'lit';
import type { AppModel } from './app-model.ts';
import { pageStatus } from './page-status.ts';
import { SignalElement } from './signal-element.ts';

/** Whether the page is live, said by a dot and in words. */
export class StatusLine extends SignalElement {
  static override properties = { model: { attribute: false } };
  declare model: AppModel;

  protected override render(): TemplateResult {
    const { kind, text } = pageStatus(this.model);
    return html`<span class="status" data-state=${kind}><span class="dot" aria-hidden="true"></span><span role="status">${text}</span></span>`;
  }
}
