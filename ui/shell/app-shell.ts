import { html, nothing, type TemplateResult } from 'lit';
import type { AppModel } from './app-model.ts';
import { awaitFirstDashboard } from './first-dashboard.ts';
import { SignalElement } from './signal-element.ts';

/**
 * The page's frame: bar on top, list of tables on the left (a drawer on narrow screens), the chosen table. Embedded it
 * is the table alone, with a word where it is not live; a kiosk has no list.
 */
export class AppShell extends SignalElement {
  static override properties = { model: { attribute: false } };
  declare model: AppModel;
  #endAwaiting: () => void = () => {};

  constructor() {
    super();
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#closeList();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endAwaiting = awaitFirstDashboard(this.model, this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endAwaiting();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { connection, isListOpen, language, mode } = this.model;
    if (!language.isReady.value) return nothing;
    return html`
      ${mode === 'embed' ? nothing : html`<header class="bar"><tablecast-status-bar .model=${this.model}></tablecast-status-bar></header>`}
      <div class="body" data-mode=${mode} data-connection=${connection.value} ?data-list-open=${isListOpen.value}>
        ${mode === 'full' ? this.#list() : nothing}
        <main>${this.#main()}</main>
        ${mode === 'embed' ? html`<tablecast-status-line class="embed-status" .model=${this.model}></tablecast-status-line>` : nothing}
      </div>
    `;
  }

  #list(): TemplateResult {
    return html`
      <nav class="list" id="table-list">
        <tablecast-table-list .model=${this.model}></tablecast-table-list>
      </nav>
      <div class="scrim" @click=${() => this.#closeList()}></div>
    `;
  }

  #main(): TemplateResult | typeof nothing {
    const { isEmpty, dashboard } = this.model;
    if (dashboard.value !== null) return this.#dashboard();
    return isEmpty.value
      ? html`<tablecast-empty-state .model=${this.model}></tablecast-empty-state>`
      : html`<tablecast-table-panel .model=${this.model}></tablecast-table-panel>`;
  }

  /** Its code is loaded when the first one is shown. */
  #dashboard(): TemplateResult | typeof nothing {
    if (customElements.get('tablecast-dashboard') !== undefined)
      return html`<tablecast-dashboard .model=${this.model}></tablecast-dashboard>`;
    void import('../dashboard/define-dashboard.ts')
      .then(({ defineDashboard }) => {
        defineDashboard(customElements);
        this.requestUpdate();
      })
      .catch((error: unknown) => {
        this.#endAwaiting();
        throw error;
      });
    return nothing;
  }

  #closeList(): void {
    this.model.isListOpen.value = false;
  }
}
