import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

export interface Choice<Value> {
  readonly value: Value;
  readonly label: string;
}

/** A list to choose one of. */
export function selectField<Value>(field: {
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly choose: (value: Value) => void;
}): TemplateResult {
  const { label, choices, value, choose } = field;
  const chosen = (event: Event) => {
    const choice = choices[(event.target as HTMLSelectElement).selectedIndex];
    if (choice !== undefined) choose(choice.value);
  };
  return html`<label class="chart-field"><span>${label}</span>
    <select @change=${chosen}>${choices.map(
      (choice) => html`<option .selected=${live(choice.value === value)}>${choice.label}</option>`,
    )}</select></label>`;
}

/** A line of text, taken when it is done. */
export function textField(field: {
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  readonly set: (value: string) => void;
}): TemplateResult {
  const { label, value, maxLength, set } = field;
  return html`<label class="chart-field"><span>${label}</span>
    <input type="text" maxlength=${maxLength} .value=${live(value)}
      @change=${(event: Event) => set((event.target as HTMLInputElement).value)} /></label>`;
}

/** A number, taken when it is done; what is none is undefined. */
export function numberField(field: {
  readonly label: string;
  readonly value: number | undefined;
  readonly placeholder?: string;
  readonly min?: number;
  readonly set: (value: number | undefined) => void;
}): TemplateResult {
  const { label, value, placeholder = '', min, set } = field;
  const changed = (event: Event) => {
    const number = (event.target as HTMLInputElement).valueAsNumber;
    set(Number.isFinite(number) ? number : undefined);
  };
  return html`<label class="chart-field"><span>${label}</span>
    <input type="number" step="any" inputmode="decimal" placeholder=${placeholder} min=${min ?? nothing}
      .value=${live(value === undefined ? '' : String(value))} @change=${changed} /></label>`;
}

/** Boxes to tick, of which those of `fixed` cannot be changed. */
export function tickField<Value>(field: {
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly ticked: readonly Value[];
  readonly isFixed: (value: Value) => boolean;
  readonly set: (ticked: readonly Value[]) => void;
}): TemplateResult {
  const { label, choices, ticked, isFixed, set } = field;
  const changed = (value: Value, isTicked: boolean) => {
    const wanted = new Set(isTicked ? [...ticked, value] : ticked.filter((other) => other !== value));
    set(choices.filter((choice) => wanted.has(choice.value)).map((choice) => choice.value));
  };
  return html`<fieldset class="chart-field"><legend class="ticks-name">${label}</legend>
    <div class="ticks">${choices.map(
      (choice) => html`<label class="choice"><input type="checkbox" ?disabled=${isFixed(choice.value)}
        .checked=${live(ticked.includes(choice.value))}
        @change=${(event: Event) => changed(choice.value, (event.target as HTMLInputElement).checked)} />
        <span>${choice.label}</span></label>`,
    )}</div></fieldset>`;
}
