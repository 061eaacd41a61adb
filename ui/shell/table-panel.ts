import { effect } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { ChartPanel } from '../chart/chart-panel.ts';
import { GridView } from '../grid/grid-view.ts';
import type { AppModel } from './app-model.ts';
import { SignalElement } from './signal-element.ts';
import { tableNotices } from './table-notices.ts';

/** The chosen table: its title, what is to be said of it, its chart and its grid. */
export class TablePanel extends SignalElement {
  static override properties = { model: { attribute: false }, updateStatus: { state: true } };
  declare model: AppModel;
  /** The status of an `/update_data` that failed. */
  declare updateStatus: number | null;
  #mounted: { readonly table: string; close(): void } | null = null;

  constructor() {
    super();
    this.updateStatus = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#mounted?.close();
    this.#mounted = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { texts, selected, version, nowMs } = this.model;
    const name = selected.value;
    if (name === null) return nothing;
    // A replica's tables are no signals: a new version or second is when to look again.
    void version.value;
    void nowMs.value;
    const table = this.model.tables.get(name);
    return html`
      <header class="panel-title">
        <h1>${name}</h1>
        ${table === undefined ? nothing : html`<span class="panel-size" aria-label=${texts.sizeLong(table.rowCount, table.fields.length)}>${texts.size(table.rowCount, table.fields.length)}</span>`}
      </header>
      <div class="notices">${tableNotices(this.model, name, this.updateStatus, () => void this.#update())}</div>
      <div class="views" ?hidden=${table === undefined}></div>
    `;
  }

  protected override updated(): void {
    const name = this.model.selected.value;
    document.title = name === null ? this.model.texts.appName : `${name} · ${this.model.texts.appName}`;
    const wanted = name !== null && this.model.tables.has(name) ? name : null;
    if (this.#mounted !== null && this.#mounted.table !== wanted) {
      this.#mounted.close();
      this.#mounted = null;
    }
    const parent = this.querySelector<HTMLElement>('.views');
    if (wanted !== null && this.#mounted === null && parent !== null)
      this.#mounted = mountViews(this.model, wanted, parent);
  }

  async #update(): Promise<void> {
    const status = await this.model.updateData();
    this.updateStatus = status === 200 ? null : status;
  }
}

function mountViews(model: AppModel, table: string, parent: HTMLElement): { table: string; close(): void } {
  const read = () => model.tables.get(table);
  const chart = new ChartPanel({
    parent,
    table,
    read,
    theme: () => model.theme.theme.peek(),
    texts: model.texts,
    loadChartView: async () => (await import('../chart/chart-view.ts')).createChartView,
  });
  const grid = new GridView({ parent, table, read, texts: model.texts });
  const removals = [model.scheduler.add(grid), model.scheduler.add(chart)];
  const stopTheme = effect(() => {
    void model.theme.theme.value;
    chart.themeChanged();
  });
  return {
    table,
    close() {
      stopTheme();
      for (const remove of removals) remove();
      grid.close();
      chart.close();
    },
  };
}
