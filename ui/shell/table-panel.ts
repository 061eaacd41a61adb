import { computed } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { GridView } from '../grid/grid-view.ts';
import { createStoredStates } from '../grid/state/stored-states.ts';
import type { Texts } from '../locales/en.ts';
import { storageOf } from '../window-environment.ts';
import type { AppModel } from './app-model.ts';
import { chartButtons } from './chart-buttons.ts';
import { mountChart } from './mounted-chart.ts';
import { SignalElement } from './signal-element.ts';
import { tableNotices } from './table-notices.ts';

/** The chosen table: its title, what is to be said of it, its chart and its grid. Embedded it has no title. */
export class TablePanel extends SignalElement {
  static override properties = { model: { attribute: false }, updateStatus: { state: true } };
  declare model: AppModel;
  /** The status of an `/update_data` that failed. */
  declare updateStatus: number | null;
  #mounted: MountedViews | null = null;

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
    const { selected, size, mode, texts } = this.model;
    const name = selected.value;
    // The views are made anew where the language changes.
    void texts.live;
    if (name === null) return nothing;
    const notices = tableNotices(this.model, name, this.updateStatus, () => void this.#update());
    return html`
      ${mode === 'embed' ? html`<h1 class="is-unseen">${name}</h1>` : this.#title(name)}
      <div class="notices">${notices}</div>
      <div class="views" ?hidden=${size.value === null}></div>
    `;
  }

  #title(name: string): TemplateResult {
    const { texts, size, mode } = this.model;
    const has = size.value;
    return html`
      <header class="panel-title">
        <h1>${name}</h1>
        ${has === null ? nothing : html`<span class="panel-size" aria-label=${texts.sizeLong(has.rows, has.columns)}>${texts.size(has.rows, has.columns)}</span>`}
        ${has === null || mode === 'kiosk' ? nothing : html`${chartButtons(this.model)}<tablecast-export-menu .model=${this.model} .table=${name}></tablecast-export-menu>`}
      </header>
    `;
  }

  protected override updated(): void {
    const { texts, size, selected } = this.model;
    const name = selected.value;
    const title = name === null ? texts.appName : `${name} · ${texts.appName}`;
    if (document.title !== title) document.title = title;
    const wanted = size.value === null ? null : name;
    if (this.#mounted !== null && (this.#mounted.table !== wanted || this.#mounted.texts !== texts)) {
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
    // Who asks to see it wants to see it.
    if (status === 200) this.model.pausing.goLive();
  }
}

interface MountedViews {
  readonly table: string;
  readonly texts: Texts;
  close(): void;
}

function mountViews(model: AppModel, table: string, parent: HTMLElement): MountedViews {
  const read = () => model.tables.get(table);
  const chart = mountChart(model, table, parent);
  model.shownChart.value = chart.shown;
  const grid = new GridView({
    parent,
    table,
    read: () => read() ?? model.firstRows.peek()?.table,
    texts: model.texts,
    states: createStoredStates(storageOf(window)),
    isAppended: computed(() => isAppended(model, table)),
    hasSearchKey: model.singleKeys.isOn,
    onShown: (view) => {
      model.shownView.value = view;
    },
  });
  const removals = [model.scheduler.add(grid), model.scheduler.add(chart.panel)];
  return {
    table,
    texts: model.texts,
    close() {
      model.shownView.value = null;
      model.shownChart.value = null;
      for (const remove of removals) remove();
      grid.close();
      chart.close();
    },
  };
}

/** Tables with a key keep their rows' places; only others grow at their end. */
export function isAppended(model: AppModel, table: string): boolean {
  void model.replicaNames.value;
  const isKeyed = (model.tables.get(table)?.key ?? null) !== null;
  return !isKeyed && model.gatewayTables.value.get(table)?.op === 'append';
}
