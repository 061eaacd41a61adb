import { html, nothing, type TemplateResult } from 'lit';
import type { AppModel } from './app-model.ts';
import { SignalElement } from './signal-element.ts';

/** The tables by name, each with how fresh it is. */
export class TableList extends SignalElement {
  static override properties = { model: { attribute: false } };
  declare model: AppModel;

  protected override render(): TemplateResult {
    const { texts, tableNames } = this.model;
    return html`
      <h2 class="list-title" id="table-list-title">${texts.tables}</h2>
      <ul aria-labelledby="table-list-title">${tableNames.value.map((name) => this.#item(name))}</ul>
      ${this.#dashboards()}
    `;
  }

  /** What the first table does not need waits until that is there. */
  #dashboards(): TemplateResult | typeof nothing {
    if (!this.model.hasVersion.value) return nothing;
    if (customElements.get('tablecast-dashboard-list') !== undefined)
      return html`<tablecast-dashboard-list .model=${this.model}></tablecast-dashboard-list>`;
    void import('../dashboard/list/define-dashboard-list.ts').then(({ defineDashboardList }) => {
      defineDashboardList(customElements);
      this.requestUpdate();
    });
    return nothing;
  }

  #item(name: string): TemplateResult {
    const { texts, selected, gatewayTables } = this.model;
    const known = gatewayTables.value.get(name);
    const staged = known?.staged ?? 0;
    const lost = known?.sequence?.lost ?? 0;
    return html`
      <li>
        <a class="table-link" href=${`?table=${encodeURIComponent(name)}`} aria-current=${selected.value === name ? 'page' : nothing}
          @click=${(event: MouseEvent) => this.#choose(event, name)}>
          <span class="table-name">${name}</span>
          ${staged === 0 ? nothing : html`<span class="badge">${texts.tableHeld}</span>`}
          ${lost === 0 ? nothing : html`<span class="badge">${texts.tableGap}</span>`}
          <tablecast-freshness .model=${this.model} .table=${name}></tablecast-freshness>
        </a>
      </li>
    `;
  }

  #choose(event: MouseEvent, name: string): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    this.model.isListOpen.value = false;
    this.model.select(name);
  }
}
