import { html, nothing, type TemplateResult } from 'lit';
import { type AppModel, ageMs, loginHref } from './app-model.ts';
import { rejectionList } from './rejection-list.ts';
import { SignalElement } from './signal-element.ts';

/** The bar's figures: version, age of the chosen table's data, rows a second, rows shown, gaps, rejections. */
export class PageFigures extends SignalElement {
  static override properties = { model: { attribute: false } };
  declare model: AppModel;

  protected override render(): TemplateResult {
    const { texts, version, connection, rowsPerSecond, isLoginNeeded, selected } = this.model;
    const name = selected.value;
    const age = name === null ? null : ageMs(this.model, name);
    const rate = connection.value === 'live' ? rowsPerSecond.value : 0;
    return html`
      ${isLoginNeeded.value ? html`<a class="login" href=${loginHref(this.model)}>${texts.logIn}</a>` : nothing}
      ${version.value === null ? nothing : html`<span class="figure">${texts.version(version.value)}</span>`}
      ${age === null ? nothing : html`<span class="figure is-age">${texts.updatedAgo(texts.age(age))}</span>`}
      <span class="figure is-rate">${texts.rowsPerSecond(rate)}</span>
      ${this.#rows(name)}
      ${this.#gaps(name)}
      ${rejectionList(this.model)}
    `;
  }

  #rows(name: string | null): TemplateResult | typeof nothing {
    const { texts, tables, shownView } = this.model;
    const all = name === null ? undefined : tables.get(name)?.rowCount;
    if (all === undefined) return nothing;
    return html`<span class="figure is-rows">${texts.rowsShown(shownView.value?.rowCount ?? all, all)}</span>`;
  }

  #gaps(name: string | null): TemplateResult | typeof nothing {
    const { texts, gatewayTables } = this.model;
    const sequence = name === null ? null : (gatewayTables.value.get(name)?.sequence ?? null);
    if (sequence === null) return nothing;
    const { isChecked, gaps } = sequence;
    const [text, meaning] = isChecked
      ? [texts.gaps(gaps), texts.gapsMeaning]
      : [texts.notChecked, texts.notCheckedMeaning];
    return html`<span class="figure is-gaps" title=${meaning}>${text}</span>`;
  }
}
