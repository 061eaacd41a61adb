import { html, nothing, type TemplateResult } from 'lit';
import { loginHref } from '../shell/app-model.ts';
import { type SaveOptions, saveDashboard } from './save-dashboard.ts';

/** What went wrong, and what the viewer can do about it. */
export function problemNotice(options: SaveOptions): TemplateResult | typeof nothing {
  const { model, state, texts } = options;
  const problem = state.problem.value;
  switch (problem?.type) {
    case undefined:
      return nothing;
    case 'bad_link':
      return html`<p class="notice is-error" role="alert">${texts.badLink(problem.detail)}</p>`;
    case 'failed':
      return html`<p class="notice is-error" role="alert"><span>${texts.failed(problem.status, problem.detail)}</span>
        ${[401, 403].includes(problem.status) ? html`<a href=${loginHref(model)} target="_blank">${model.texts.logIn}</a>` : nothing}</p>`;
    case 'conflict': {
      const { name } = problem;
      const isOwn = name === state.name;
      const loadTheirs = () => (isOwn ? void state.load('') : model.openDashboard(name));
      return html`<p class="notice is-error" role="alert"><span>${isOwn ? texts.conflict : texts.taken(name)}</span>
        <button class="text-button" type="button" @click=${loadTheirs}>${texts.loadTheirs}</button>
        <button class="text-button" type="button" @click=${() => void saveDashboard(options, name, true)}>${texts.overwrite}</button></p>`;
    }
  }
}
