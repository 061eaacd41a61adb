import { html, type TemplateResult } from 'lit';
import type { AppModel } from './app-model.ts';

/** What a viewer must know of a table beside its rows: nothing there yet, held publications, a rejection. */
export function tableNotices(
  model: AppModel,
  name: string,
  updateStatus: number | null,
  update: () => void,
): TemplateResult[] {
  const { texts } = model;
  const table = model.tables.get(name);
  const known = model.gatewayTables.value.get(name);
  const notices: TemplateResult[] = [];
  if (table === undefined && known === undefined && model.version.value !== null) {
    notices.push(html`<p class="notice">${texts.missingTable(name)}</p>`);
  }
  if (table !== undefined && table.rowCount === 0) notices.push(html`<p class="notice">${texts.noRows}</p>`);
  if (known !== undefined && known.staged > 0) {
    notices.push(html`<p class="notice is-held">
      <span>${texts.held(known.staged)}</span>
      <button class="text-button" type="button" @click=${update}>${texts.showNow}</button>
    </p>`);
  }
  if (updateStatus !== null)
    notices.push(html`<p class="notice is-error" role="alert">${texts.updateFailed(updateStatus)}</p>`);
  const error = known?.lastError ?? null;
  if (error !== null)
    notices.push(html`<p class="notice is-error">${texts.rejected(error.code, error.detail)}</p>`);
  return notices;
}
