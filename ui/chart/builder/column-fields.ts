import { html, nothing, type TemplateResult } from 'lit';
import type { Field } from '../../../protocol/arrow/data-type.ts';
import type { ChartSpec } from '../../../protocol/chart/chart-spec.ts';
import type { ChartType } from '../../../protocol/chart/chart-type.ts';
import { isFlat } from '../../../protocol/chart/requested-plan.ts';
import { columnLabel, isNumeric, isTime } from '../../../protocol/column-label.ts';
import type { BuilderTexts } from '../../locales/chart/builder-en.ts';
import { type Choice, selectField, tickField } from './fields.ts';
import type { SpecChange } from './spec-change.ts';

export interface FieldsInput {
  readonly texts: BuilderTexts;
  readonly fields: readonly Field[];
  readonly spec: ChartSpec;
  readonly change: (change: SpecChange) => void;
}

type Part = TemplateResult | typeof nothing;

/** They need a name or a place for each value, and the row number is neither. */
const WITHOUT_ROW_NUMBER: ReadonlySet<ChartType> = new Set(['pie', 'heatmap', 'histogram']);
const WITH_SERIES: ReadonlySet<ChartType> = new Set(['line', 'area', 'scatter', 'bar', 'heatmap']);
const WITH_ONE_VALUE: ReadonlySet<ChartType> = new Set(['pie', 'gauge', 'heatmap']);

/** Which columns a chart shows, as its type takes them. */
export function columnFields(input: FieldsInput): Part[] {
  return [alongX(input), values(input), split(input)];
}

function alongX({ texts, fields, spec, change }: FieldsInput): Part {
  const { type = 'line', x = null, series } = spec;
  if (type === 'gauge') return nothing;
  const isHistogram = type === 'histogram';
  const taken = fields.filter((field) =>
    isHistogram ? isNumeric(field.type) || isTime(field.type) : isFlat(field),
  );
  const rowNumber: Choice<string | null>[] = WITHOUT_ROW_NUMBER.has(type)
    ? []
    : [{ value: null, label: texts.rowNumber }];
  return selectField<string | null>({
    label: isHistogram ? texts.values : texts.x,
    choices: [...rowNumber, ...namesOf(taken)],
    value: x,
    // What is along x tells nothing apart there.
    choose: (value) => change(value === series ? { x: value, series: undefined } : { x: value }),
  });
}

function values(input: FieldsInput): Part {
  const { texts, fields, spec, change } = input;
  const { type = 'line', y = [], aggregate } = spec;
  if (type === 'histogram') return nothing;
  if (type === 'candlestick') return candleValues(input);
  const choices = namesOf(fields.filter((field) => isNumeric(field.type)));
  const isCount = aggregate === 'count';
  if (WITH_ONE_VALUE.has(type)) {
    const rows: Choice<string | null>[] = isCount ? [{ value: null, label: texts.none }] : [];
    return selectField<string | null>({
      label: texts.value,
      choices: [...rows, ...choices],
      value: y[0] ?? null,
      choose: (value) => change({ y: value === null ? [] : [value] }),
    });
  }
  return tickField({
    label: texts.y,
    choices,
    ticked: y,
    isFixed: (name) => !isCount && y.length === 1 && y[0] === name,
    // One column alone is split.
    set: (ticked) => change({ y: [...ticked], ...(ticked.length > 1 ? { series: undefined } : {}) }),
  });
}

function candleValues({ texts, fields, spec, change }: FieldsInput): TemplateResult {
  const { y = [] } = spec;
  const choices = namesOf(fields.filter((field) => isNumeric(field.type)));
  const parts = texts.candle.map((label, i) =>
    selectField<string | undefined>({
      label,
      choices,
      value: y[i],
      choose: (value) => change({ y: y.map((name, at) => (at === i ? (value ?? name) : name)) }),
    }),
  );
  return html`${parts}`;
}

function split({ texts, fields, spec, change }: FieldsInput): Part {
  const { type = 'line', x, y = [], series = null } = spec;
  if (!WITH_SERIES.has(type)) return nothing;
  const isHeatmap = type === 'heatmap';
  const taken = fields.filter((field) => isFlat(field) && field.name !== x && !y.includes(field.name));
  const none: Choice<string | null>[] = isHeatmap ? [] : [{ value: null, label: texts.none }];
  return selectField<string | null>({
    label: isHeatmap ? texts.vertical : texts.series,
    choices: [...none, ...namesOf(taken)],
    value: series,
    choose: (value) => change(value === null ? { series: undefined } : { series: value, y: y.slice(0, 1) }),
  });
}

/** A spec has no way to name a column without a name. */
function namesOf(fields: readonly Field[]): Choice<string>[] {
  return fields
    .filter(({ name }) => name !== '')
    .map((field) => ({ value: field.name, label: labelOf(field) }));
}

function labelOf(field: Field): string {
  const label = columnLabel(field);
  return label === field.name ? label : `${label} (${field.name})`;
}
