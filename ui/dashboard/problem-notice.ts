import { html, nothing, type TemplateResult } from 'lit';
import type { DashboardTexts } from '../locales/dashboard/en.ts';
import { type AppModel, loginHref } from '../shell/app-model.ts';
import type { DashboardState } from './dashboard-state.ts';

/** What went wrong, and what the viewer can do about it. */
export function problemNotice(
  model: AppModel,
  state: DashboardState,
  texts: DashboardTexts,
): TemplateResult | typeof nothing {
  const problem = state.problem.value;
  switch (problem?.type) {
    case undefined:
      return nothing;
    case 'bad_link':
      return html`<p class="notice is-error" role="alert">${texts.badLink(problem.detail)}</p>`;
    case 'failed':
      return html`<p class="notice is-error" role="alert"><span>${texts.failed(problem.status, problem.detail)}</span>
        ${[401, 403].includes(problem.status) ? html`<a href=${loginHref(model)} target="_blank">${model.texts.logIn}</a>` : nothing}</p>`;
    case 'conflict':
      return html`<p class="notice is-error" role="alert"><span>${texts.conflict}</span>
        <button class="text-button" type="button" @click=${() => void state.load('')}>${texts.loadTheirs}</button>
        <button class="text-button" type="button" @click=${() => void state.save(state.name, true)}>${texts.overwrite}</button></p>`;
  }
}
