import { html, type TemplateResult } from 'lit';
import type { AppModel } from './app-model.ts';
import { themeIcon } from './icons.ts';
import { settingsMenu } from './settings-menu.ts';
import { SignalElement } from './signal-element.ts';

/** The bar on top: whether the page is live, its figures, and what works on the whole page. A kiosk has no buttons. */
export class StatusBar extends SignalElement {
  static override properties = { model: { attribute: false } };
  declare model: AppModel;

  protected override render(): TemplateResult {
    const { texts, mode } = this.model;
    const status = html`
      <span class="app-name">${texts.appName}</span>
      <tablecast-status-line .model=${this.model}></tablecast-status-line>
      <tablecast-figures .model=${this.model}></tablecast-figures>
    `;
    if (mode === 'kiosk') return status;
    return html`${this.#listButton()} ${status} ${this.#tools()}`;
  }

  #listButton(): TemplateResult {
    const { texts, isListOpen } = this.model;
    return html`<button class="icon-button list-button" type="button" aria-label=${isListOpen.value ? texts.hideTables : texts.showTables}
      aria-expanded=${isListOpen.value} aria-controls="table-list" @click=${() => this.#toggleList()}>
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 4h12M2 8h12M2 12h12" /></svg>
    </button>`;
  }

  #tools(): TemplateResult {
    const { texts, theme } = this.model;
    const choice = theme.choice.value;
    return html`<span class="tools">
      <tablecast-pause-button .model=${this.model}></tablecast-pause-button>
      ${settingsMenu(this.model)}
      <button class="icon-button theme-button" type="button" aria-label=${texts.theme[choice]} title=${texts.theme[choice]}
        @click=${() => theme.next()}>${themeIcon(choice)}</button>
    </span>`;
  }

  #toggleList(): void {
    this.model.isListOpen.value = !this.model.isListOpen.value;
  }
}
