import { html, type TemplateResult } from 'lit';
import type { AppModel } from './app-model.ts';
import { SignalElement } from './signal-element.ts';

/** The page's frame: bar on top, list of tables on the left (a drawer on narrow screens), the chosen table. */
export class AppShell extends SignalElement {
  static override properties = { model: { attribute: false } };
  declare model: AppModel;

  protected override render(): TemplateResult {
    const { connection, tableNames, version, selected, isListOpen } = this.model;
    const isEmpty = version.value !== null && tableNames.value.length === 0 && selected.value === null;
    return html`
      <header class="bar"><tablecast-status-bar .model=${this.model}></tablecast-status-bar></header>
      <div class="body" data-connection=${connection.value} ?data-list-open=${isListOpen.value}>
        <nav class="list" id="table-list">
          <tablecast-table-list .model=${this.model}></tablecast-table-list>
        </nav>
        <div class="scrim" @click=${() => this.#closeList()}></div>
        <main>
          ${
            isEmpty
              ? html`<tablecast-empty-state .model=${this.model}></tablecast-empty-state>`
              : html`<tablecast-table-panel .model=${this.model}></tablecast-table-panel>`
          }
        </main>
      </div>
    `;
  }

  constructor() {
    super();
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#closeList();
    });
  }

  #closeList(): void {
    this.model.isListOpen.value = false;
  }
}
