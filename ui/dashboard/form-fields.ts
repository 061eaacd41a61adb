import { html, type TemplateResult } from 'lit';

/** Choices are pairs of a value and what it is called. */
export function selectField(
  name: string,
  label: string,
  choices: readonly (readonly [string, string])[],
  chosen: string,
): TemplateResult {
  return html`<label class="field"><span>${label}</span>
    <select name=${name}>${choices.map(
      ([value, text]) => html`<option value=${value} .selected=${value === chosen}>${text}</option>`,
    )}</select></label>`;
}

export function textField(
  name: string,
  label: string,
  value: string,
  { maxLength, isNeeded = false }: { readonly maxLength: number; readonly isNeeded?: boolean },
): TemplateResult {
  return html`<label class="field"><span>${label}</span>
    <input name=${name} .value=${value} maxlength=${maxLength} ?required=${isNeeded} autocomplete="off" spellcheck="false" /></label>`;
}
