import { html, nothing, render, type TemplateResult } from 'lit';
import type { Field } from '../../../protocol/arrow/data-type.ts';
import { columnLabel } from '../../../protocol/column-label.ts';
import type { Texts } from '../../locales/en.ts';
import type { Filter } from '../row-view/view-spec.ts';
import type { ColumnSummary, ValueCount } from '../statistics/column-summary.ts';
import { type Condition, conditionsFor, type FilterInput, filterFrom, inputOf } from './filter-condition.ts';
import { openPopup, type Popup } from './popup.ts';

export interface FilterFormOptions {
  readonly host: HTMLElement;
  readonly anchor: DOMRect;
  readonly field: Field;
  /** The column's filter now. */
  readonly filter: Filter | null;
  readonly texts: Texts;
  readonly onFilter: (filter: Filter | null) => void;
  readonly onClose: () => void;
}

export interface FilterForm extends Popup {
  /** Values to choose from became known, or their counts changed. */
  show(summary: ColumnSummary): void;
}

/** A small form that asks for a column's filter, by its type; Enter applies it. */
export function openFilterForm(options: FilterFormOptions): FilterForm {
  const { field, texts } = options;
  const form = document.createElement('form');
  form.className = 'filter-form';
  const dialog = document.createElement('div');
  dialog.setAttribute('role', 'dialog');
  dialog.setAttribute('aria-label', texts.grid.filterOf(columnLabel(field)));
  const hasSet = options.filter?.type === 'set';
  let input = inputOf(options.filter, conditionsFor(field.type, hasSet));
  let listed: readonly ValueCount[] | null = null;

  function draw(): void {
    const conditions = conditionsFor(field.type, listed !== null || hasSet);
    render(formTemplate(input, conditions, listed ?? [], texts), form);
  }

  function read(): FilterInput {
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? '');
    // A value that the list lacks by now stays chosen, as its filter is.
    const values = data.getAll('values').map((value) => JSON.parse(String(value)) as string | null);
    return {
      condition: text('condition') as Condition,
      value: data.has('value') ? text('value') : input.value,
      min: data.has('min') ? text('min') : input.min,
      max: data.has('max') ? text('max') : input.max,
      values: data.has('listed') ? values : input.values,
    };
  }

  dialog.append(form);
  draw();
  const popup = openPopup({ ...options, content: dialog, focus: () => form.querySelector('input, select') });
  form.addEventListener('change', () => {
    input = read();
    draw();
    popup.place();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    input = read();
    popup.close();
    options.onFilter(filterFrom(field.name, input));
  });
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    popup.close();
    options.onFilter(null);
  });
  return {
    ...popup,
    show(summary) {
      input = read();
      listed = summary.values === null ? null : inListedOrder(summary.values, listed ?? [], input.values);
      draw();
      popup.place();
    },
  };
}

/** The values in the order in which they were listed first, with their counts now; those chosen stay though they are gone. */
function inListedOrder(
  values: readonly ValueCount[],
  before: readonly ValueCount[],
  chosen: readonly (string | null)[],
): ValueCount[] {
  const counts = new Map(values.map(({ text, count }) => [text, count]));
  const order = new Set([...before.map(({ text }) => text), ...counts.keys(), ...chosen]);
  return [...order].map((text) => ({ text, count: counts.get(text) ?? 0 }));
}

function formTemplate(
  input: FilterInput,
  conditions: readonly Condition[],
  listed: readonly ValueCount[],
  texts: Texts,
): TemplateResult {
  const { grid } = texts;
  const all = conditions.includes(input.condition) ? conditions : [input.condition, ...conditions];
  return html`
    <label class="field"><span>${grid.condition}</span>
      <select name="condition">${all.map(
        (condition) =>
          html`<option value=${condition} ?selected=${condition === input.condition}>${grid.conditions[condition]}</option>`,
      )}</select>
    </label>
    ${inputs(input, listed, texts)}
    <div class="form-buttons">
      <button class="text-button" type="reset">${grid.clear}</button>
      <button class="text-button is-main" type="submit">${grid.apply}</button>
    </div>`;
}

function inputs(
  input: FilterInput,
  listed: readonly ValueCount[],
  texts: Texts,
): TemplateResult | typeof nothing {
  const { grid } = texts;
  switch (input.condition) {
    case 'missing':
    case 'present':
      return nothing;
    case 'range':
      return html`${textField('min', grid.from, input.min)}${textField('max', grid.to, input.max)}`;
    case 'in':
    case 'not-in':
      return valueList(input, listed, texts);
    default:
      return textField('value', grid.value, input.value);
  }
}

function textField(name: string, label: string, value: string): TemplateResult {
  return html`<label class="field"><span>${label}</span>
    <input name=${name} .value=${value} autocomplete="off" spellcheck="false" /></label>`;
}

function valueList({ values }: FilterInput, listed: readonly ValueCount[], texts: Texts): TemplateResult {
  const chosen = new Set(values);
  return html`<fieldset class="value-list"><legend>${texts.grid.value}</legend>
    <input type="hidden" name="listed" value="1" />
    ${listed.map(({ text, count }) => {
      const name = text === null ? texts.grid.noValue : text === '' ? texts.grid.emptyText : text;
      return html`<label class=${text === null || text === '' ? 'is-special' : ''}>
        <input type="checkbox" name="values" value=${JSON.stringify(text)} .checked=${chosen.has(text)} />
        <span title=${name}>${name}</span> <span class="count">${texts.count(count)}</span></label>`;
    })}
  </fieldset>`;
}
