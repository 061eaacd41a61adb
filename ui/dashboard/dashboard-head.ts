import { html, nothing, render, type TemplateResult } from 'lit';
import { LIMITS } from '../../protocol/limits.ts';
import type { DashboardState } from './dashboard-state.ts';
import { openDialog } from './dialog.ts';
import { textField } from './form-fields.ts';
import { type SaveOptions, saveDashboard } from './save-dashboard.ts';
import { createTableFields } from './table-fields.ts';
import { openThresholdForm } from './threshold-form.ts';

export interface DashboardHeadOptions extends SaveOptions {
  /** Dialogs are put into it. */
  readonly host: HTMLElement;
  readonly addPanel: () => void;
}

/** The dashboard's title and its tools. Embedded it has neither, a kiosk the title alone. */
export function dashboardHead(options: DashboardHeadOptions): TemplateResult {
  const { model, state, texts } = options;
  const { title } = state.dashboard.value;
  const name = title ?? (state.name === '' ? texts.unnamed : state.name);
  if (model.mode === 'embed') return html`<h1 class="is-unseen">${name}</h1>`;
  return html`<header class="panel-title dash-title">
    <h1>${name}</h1>
    ${model.mode === 'full' && state.phase.value === 'ready' ? tools(options) : nothing}
  </header>`;
}

function tools(options: DashboardHeadOptions): TemplateResult {
  const { state, texts, addPanel } = options;
  const isEditing = state.isEditing.value;
  const button = (text: string, action: () => void, className = '') =>
    html`<button class="text-button ${className}" type="button" @click=${action}>${text}</button>`;
  return html`<div class="dash-tools">
    ${state.isChanged.value ? html`<span class="dash-changed">${texts.changed}</span>` : nothing}
    ${isEditing ? button(texts.addPanel, addPanel) : nothing}
    ${button(state.thresholds.value.length === 0 ? texts.thresholds : texts.thresholdCount(state.thresholds.value.length), () => editThresholds(options))}
    ${isEditing && state.name !== '' ? button(texts.remove, () => askRemoval(options)) : nothing}
    ${button(texts.share, () => void share(options))}
    ${isEditing ? button(texts.saveAs, () => askName(options)) : nothing}
    ${state.isChanged.value && state.name !== '' ? button(texts.save, () => void saveDashboard(options, state.name), 'is-main') : nothing}
    ${isEditing ? button(texts.done, () => state.endEditing()) : button(texts.edit, () => edit(state))}
  </div>`;
}

function edit(state: DashboardState): void {
  state.isEditing.value = true;
}

function editThresholds({ model, state, texts, host }: DashboardHeadOptions): void {
  openThresholdForm({
    host,
    texts,
    tableNames: model.tableNames.peek(),
    table: state.dashboard.peek().panels[0]?.table ?? model.tableNames.peek()[0] ?? '',
    fieldsOf: createTableFields(model.tables, (input) => fetch(input)),
    thresholds: state.thresholds.peek(),
    onThresholds: (thresholds) => state.setThresholds(thresholds),
  });
}

function askName(options: DashboardHeadOptions): void {
  const { state, texts, host } = options;
  const dialog = openDialog({
    host,
    texts,
    heading: texts.saveAs,
    submit: texts.save,
    onSubmit(data) {
      const name = String(data.get('name') ?? '').trim();
      if (name === '') return false;
      state.setTitle(String(data.get('title') ?? '').trim());
      void saveDashboard(options, name);
      return true;
    },
  });
  const { title = '' } = state.dashboard.peek();
  render(
    html`${textField('name', texts.name, state.name, { maxLength: LIMITS.maxNameBytes, isNeeded: true })}<p class="hint">${texts.nameHint}</p>
      ${textField('title', texts.title, title, { maxLength: 200 })}`,
    dialog.fields,
  );
  dialog.show();
}

function askRemoval({ model, state, texts, host }: DashboardHeadOptions): void {
  const dialog = openDialog({
    host,
    texts,
    heading: texts.remove,
    submit: texts.remove,
    onSubmit() {
      void state.remove().then((isRemoved) => {
        if (!isRemoved) return;
        model.dashboardSaves.value++;
        const [table] = model.tableNames.peek();
        if (table === undefined) model.openDashboard('');
        else model.select(table);
      });
      return true;
    },
  });
  render(html`<p>${texts.removeSure(state.name)}</p>`, dialog.fields);
  dialog.show();
}

/** The address with all of the layout goes to the clipboard, and where that is not allowed, is shown to be copied. */
async function share({ state, texts, host, say }: DashboardHeadOptions): Promise<void> {
  const url = new URL(location.href);
  url.hash = await state.link();
  try {
    await navigator.clipboard.writeText(url.href);
    say(texts.shared);
  } catch {
    // The dialog below shows it.
  }
  const dialog = openDialog({ host, texts, heading: texts.linkIs, submit: texts.done, onSubmit: () => true });
  render(
    html`<label class="field"><span>${texts.shareHint}</span><input name="link" readonly .value=${url.href} /></label>`,
    dialog.fields,
  );
  dialog.show();
  dialog.fields.querySelector('input')?.select();
}
