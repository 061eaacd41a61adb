import { html, nothing, type TemplateResult } from 'lit';
import { type AppModel, ageMs } from './app-model.ts';
import { themeIcon } from './icons.ts';
import { SignalElement } from './signal-element.ts';

interface Status {
  readonly kind: 'connecting' | 'live' | 'stale' | 'reconnecting';
  readonly text: string;
}

/** The bar on top: whether the page is live, the version it shows, rows per second, the theme. */
export class StatusBar extends SignalElement {
  static override properties = { model: { attribute: false } };
  declare model: AppModel;

  protected override render(): TemplateResult {
    const { texts, version, activity, nowMs, rejectionCount, isListOpen, theme } = this.model;
    const status = describeStatus(this.model);
    return html`
      <button class="icon-button list-button" type="button" aria-label=${isListOpen.value ? texts.hideTables : texts.showTables}
        aria-expanded=${isListOpen.value} aria-controls="table-list" @click=${() => this.#toggleList()}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 4h12M2 8h12M2 12h12" /></svg>
      </button>
      <span class="app-name">${texts.appName}</span>
      <span class="status" data-state=${status.kind}><span class="dot" aria-hidden="true"></span><span role="status">${status.text}</span></span>
      <span class="figures">
        ${version.value === null ? nothing : html`<span>${texts.version(version.value)}</span>`}
        <span class="rate">${texts.rowsPerSecond(activity.rowsPerSecond(nowMs.value))}</span>
        ${rejectionCount.value === 0 ? nothing : html`<a class="rejections" href="rejections">${texts.rejectionCount(rejectionCount.value)}</a>`}
      </span>
      <button class="icon-button theme-button" type="button" aria-label=${texts.theme[theme.choice.value]}
        title=${texts.theme[theme.choice.value]} @click=${() => theme.next()}>${themeIcon(theme.choice.value)}</button>
    `;
  }

  #toggleList(): void {
    this.model.isListOpen.value = !this.model.isListOpen.value;
  }
}

function describeStatus(model: AppModel): Status {
  const { texts } = model;
  const table = model.selected.value;
  const age = table === null ? null : ageMs(model, table);
  const connection = model.connection.value;
  if (connection === 'reconnecting') return { kind: 'reconnecting', text: texts.reconnecting };
  if (connection === 'connecting') return { kind: 'connecting', text: texts.connecting };
  if (model.version.value === null) return { kind: 'connecting', text: texts.loading };
  if (table !== null && age !== null && model.activity.isStale(table, model.nowMs.value)) {
    return { kind: 'stale', text: texts.stale(texts.age(age)) };
  }
  return { kind: 'live', text: texts.live };
}
