import { computed, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { CHART_LIMITS } from '../../../protocol/chart/chart-parameters.ts';
import { type ChartSpec, parseSpec } from '../../../protocol/chart/chart-spec.ts';
import { CHART_TYPES, type ChartType } from '../../../protocol/chart/chart-type.ts';
import { specForType } from '../../../protocol/chart/spec-for-type.ts';
import { canAggregate, specPlan, windowTimeColumn } from '../../../protocol/chart/spec-picture.ts';
import { TablecastError } from '../../../protocol/errors.ts';
import type { LiveTable } from '../../../protocol/table/live-table.ts';
import type { BuilderTexts } from '../../locales/chart/builder-en.ts';
import type { AppModel } from '../../shell/app-model.ts';
import { SignalElement } from '../../shell/signal-element.ts';
import type { ShownChart } from '../shown-chart.ts';
import { axisFields } from './axis-fields.ts';
import { columnFields, type FieldsInput } from './column-fields.ts';
import { textField } from './fields.ts';
import { jsonPart } from './json-part.ts';
import { rowFields } from './row-fields.ts';
import { changedSpec, currentSpec, type SpecChange } from './spec-change.ts';
import { typePicker } from './type-picker.ts';

/** The form that shapes a table's chart. Each change is drawn at once, and stands in the page's address. */
export class ChartBuilder extends SignalElement {
  static override properties = { message: { state: true } };
  declare model: AppModel;
  declare chart: ShownChart;
  declare table: string;
  declare builderTexts: BuilderTexts;
  /** What became of the last thing that was done. */
  declare message: string;
  #possible: { readonly schemaId: string; readonly types: ReadonlySet<ChartType> } | null = null;
  /** Rows come and go without it; columns do not. */
  readonly #schemaId: ReadonlySignal<string> = computed(() => {
    void this.model.version.value;
    const fields = this.model.tables.get(this.table)?.fields ?? [];
    return JSON.stringify(fields.map(({ name, type }) => [name, type.kind]));
  });

  constructor() {
    super();
    this.message = '';
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      this.#close();
    });
  }

  protected override firstUpdated(): void {
    const chosen = this.querySelector<HTMLElement>('.types :checked');
    (chosen ?? this.querySelector<HTMLElement>('.types input:enabled'))?.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { builderTexts: texts, model } = this;
    const schemaId = this.#schemaId.value;
    const text = model.chartSpecs.get(this.table);
    const table = model.tables.get(this.table);
    if (table === undefined) return nothing;
    const { spec, isOwn } = currentSpec(table, text);
    const isPublished = isOwn && model.charts.get(this.table) !== null;
    const input: FieldsInput = {
      texts,
      fields: table.fields,
      spec,
      change: (change) => this.#change(table, spec, change),
    };
    return html`<form class="chart-builder" aria-label=${texts.form(this.table)} @submit=${(event: Event) => event.preventDefault()}>
      ${this.#head(text !== null)}
      <div class="parts">
        ${this.#state(isPublished, missingColumns(table, text))}
        ${typePicker({
          texts,
          type: isPublished ? null : (spec.type ?? null),
          isPossible: (type) => this.#possibleTypes(table, schemaId).has(type),
          choose: (type) => this.#change(table, spec, { type }),
        })}
        ${columnFields(input)}
        ${rowFields({ ...input, ...rowChoices(table, spec) })}
        ${textField({
          label: texts.title,
          value: spec.title ?? '',
          maxLength: CHART_LIMITS.maxTitleLength,
          set: (title) => input.change({ title }),
        })}
        ${axisFields(input)}
        ${jsonPart({
          texts,
          json:
            text === null || isOwn ? JSON.stringify(spec, null, 1) : JSON.stringify(parseSpec(text), null, 1),
          apply: (json) => this.#apply(json),
          copy: (json) => void this.#copy(json),
        })}
        <div class="row"><button class="text-button" type="button" @click=${() => void this.#copy(location.href)}>${texts.copyLink}</button></div>
      </div>
    </form>`;
  }

  #head(isShaped: boolean): TemplateResult {
    const { builderTexts: texts } = this;
    return html`<div class="head"><h2>${texts.heading}</h2>
      <button class="text-button" type="button" ?disabled=${!isShaped} @click=${() => this.#set(null)}>${texts.reset}</button>
      <button class="icon-button" type="button" aria-label=${texts.close} title=${texts.close} @click=${() => this.#close()}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="m4 4 8 8M12 4l-8 8" /></svg></button>
    </div>`;
  }

  #state(isPublished: boolean, missing: readonly string[]): TemplateResult {
    const { builderTexts: texts } = this;
    const problem = this.chart.problem.value;
    const lacks = missing.length > 0 ? texts.lacks(missing.map((name) => `“${name}”`).join(', ')) : null;
    const text = problem === null ? this.message : (lacks ?? texts.wrong(problem.message));
    return html`
      ${isPublished ? html`<p class="hint">${texts.isPublished}</p>` : nothing}
      <p class="message" role="status" ?data-problem=${problem !== null}>${text}</p>`;
  }

  #possibleTypes(table: LiveTable, schemaId: string): ReadonlySet<ChartType> {
    if (this.#possible?.schemaId !== schemaId) {
      const types = CHART_TYPES.filter((type) => specForType(table, {}, type) !== null);
      this.#possible = { schemaId, types: new Set(types) };
    }
    return this.#possible.types;
  }

  #change(table: LiveTable, spec: ChartSpec, change: SpecChange): void {
    this.#try(() => this.#set(JSON.stringify(changedSpec(table, spec, change))));
  }

  #apply(json: string): void {
    this.#try(() => this.#set(JSON.stringify(parseSpec(json))));
  }

  #set(text: string | null): void {
    this.message = '';
    this.model.chartSpecs.set(this.table, text);
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof TablecastError)) throw error;
      this.message = this.builderTexts.wrong(error.message);
      // Fields show again what is drawn.
      this.requestUpdate();
    }
  }

  async #copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.message = this.builderTexts.copied;
    } catch {
      this.message = this.builderTexts.notCopied;
    }
  }

  #close(): void {
    this.chart.isShaping.value = false;
  }
}

function rowChoices(table: LiveTable, spec: ChartSpec): { canAggregate: boolean; hasTime: boolean } {
  try {
    const plan = specPlan(table, spec);
    return { canAggregate: canAggregate(plan), hasTime: windowTimeColumn(table, plan.x) !== null };
  } catch {
    return { canAggregate: false, hasTime: false };
  }
}

/** Columns that a spec names and the table does not have. */
function missingColumns({ fields }: LiveTable, text: string | null): string[] {
  try {
    const { x, y = [], series } = text === null ? {} : parseSpec(text);
    const known = new Set(fields.map(({ name }) => name));
    return [x, ...y, series].filter((name) => typeof name === 'string' && !known.has(name)) as string[];
  } catch {
    return [];
  }
}
