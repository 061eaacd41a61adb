import { html, type TemplateResult } from 'lit';
import { type AppModel, ageMs } from './app-model.ts';
import { SignalElement } from './signal-element.ts';

/** How old a table's data is, and whether that is older than usual: a dot before the name, the age after it. */
export class TableFreshness extends SignalElement {
  static override properties = { model: { attribute: false }, table: { attribute: false } };
  declare model: AppModel;
  declare table: string;

  protected override render(): TemplateResult {
    const { texts, connection, activity, nowMs } = this.model;
    const age = ageMs(this.model, this.table);
    const isStale = connection.value !== 'live' || activity.isStale(this.table, nowMs.value);
    const state = isStale ? texts.tableStale : texts.tableFresh;
    return html`
      <span class="dot" data-state=${isStale ? 'stale' : 'live'} role="img" aria-label=${state} title=${state}></span>
      <span class="table-age">${age === null ? '' : texts.age(age)}</span>
    `;
  }
}
