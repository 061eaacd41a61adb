import { html, nothing, type TemplateResult } from 'lit';
import { type AppModel, loginHref } from './app-model.ts';

/** What a viewer must know of a table beside its rows: nothing there yet, held publications, a rejection. */
export function tableNotices(
  model: AppModel,
  name: string,
  updateStatus: number | null,
  update: () => void,
): TemplateResult[] {
  const { texts } = model;
  const size = model.size.value;
  const known = model.gatewayTables.value.get(name);
  const notices: TemplateResult[] = [];
  const isAwaited = model.shownTables.awaited.value.has(name);
  if (size === null && known === undefined && model.hasVersion.value && !isAwaited) {
    notices.push(html`<p class="notice">${texts.missingTable(name)}</p>`);
  }
  if (size === null && known !== undefined && known.rows > 0 && model.pausing.waiting.value !== null) {
    notices.push(html`<p class="notice">${texts.comesWhenLive(name)}</p>`);
  }
  const first = model.firstRows.value;
  if (first !== null)
    notices.push(html`<p class="notice">${texts.firstRows(first.table.rowCount, first.rowCount)}</p>`);
  if (size?.rows === 0) notices.push(html`<p class="notice">${texts.noRows}</p>`);
  const lost = known?.sequence?.lost ?? 0;
  if (lost > 0) notices.push(html`<p class="notice is-error">${texts.lost(lost)}</p>`);
  if ((model.shownChart.value?.problem.value ?? null) !== null) notices.push(unfitChart(model, name));
  // Who embeds a table shows its rows, not how they are published.
  if (model.mode === 'embed') return notices;
  if (known !== undefined && known.staged > 0) {
    notices.push(html`<p class="notice is-held">
      <span>${texts.held(known.staged)}</span>
      <button class="text-button" type="button" @click=${update}>${texts.showNow}</button>
    </p>`);
  }
  if (updateStatus !== null) {
    const login = html`<a href=${loginHref(model)}>${texts.logIn}</a>`;
    notices.push(html`<p class="notice is-error" role="alert">
      <span>${texts.updateFailed(updateStatus)}</span> ${isRefused(updateStatus) ? login : nothing}
    </p>`);
  }
  const lostBefore = known?.sequence?.lostBefore ?? 0;
  if (lostBefore > 0) notices.push(html`<p class="notice">${texts.lostBefore(lostBefore)}</p>`);
  const error = known?.lastError ?? null;
  if (error !== null)
    notices.push(html`<p class="notice is-error">${texts.rejected(error.code, error.detail)}</p>`);
  return notices;
}

function unfitChart({ texts, chartSpecs, mode }: AppModel, name: string): TemplateResult {
  const back = html`<button class="text-button" type="button" @click=${() => chartSpecs.set(name, null)}>${texts.backToOwnChart}</button>`;
  return html`<p class="notice is-error"><span>${texts.chartUnfit}</span> ${mode === 'full' ? back : nothing}</p>`;
}

/** For want of a token, or of one that may write. */
function isRefused(status: number): boolean {
  return status === 401 || status === 403;
}
