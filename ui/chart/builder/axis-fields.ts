import { html, nothing, type TemplateResult } from 'lit';
import { CHART_LIMITS } from '../../../protocol/chart/chart-parameters.ts';
import type { AxisSpec } from '../../../protocol/chart/chart-spec.ts';
import { AXIS_SCALES, type AxisScale } from '../../../protocol/chart/chart-spec-words.ts';
import type { ChartType } from '../../../protocol/chart/chart-type.ts';
import { isNumeric } from '../../../protocol/column-label.ts';
import type { FieldsInput } from './column-fields.ts';
import { numberField, selectField, textField } from './fields.ts';

const WITHOUT_AXES: ReadonlySet<ChartType> = new Set(['pie', 'gauge']);
/** Their x is in its place, where it is a number. */
const OVER_NUMBERS: ReadonlySet<ChartType> = new Set(['line', 'area', 'scatter']);

/** How far axes go, in what steps, and what they are called. */
export function axisFields(input: FieldsInput): TemplateResult | typeof nothing {
  const { texts, fields, spec, change } = input;
  const { type = 'line', x } = spec;
  if (WITHOUT_AXES.has(type)) return nothing;
  const along = fields.find(({ name }) => name === x);
  const isNumberX = OVER_NUMBERS.has(type) && (x === null || (along !== undefined && isNumeric(along.type)));
  return html`<details class="part"><summary>${texts.axes}</summary>
    ${axis(input, texts.yAxis, spec.yAxis ?? {}, {
      first: type === 'candlestick' ? 'fit' : 'zero',
      hasScale: type !== 'heatmap',
      change: (part) => change({ yAxis: part }),
    })}
    ${axis(input, texts.xAxis, spec.xAxis ?? {}, {
      first: 'fit',
      hasScale: isNumberX,
      change: (part) => change({ xAxis: part }),
    })}
  </details>`;
}

interface AxisChoice {
  /** The scale where none is chosen. */
  readonly first: AxisScale;
  /** Not where it is made of names. */
  readonly hasScale: boolean;
  readonly change: (axis: AxisSpec) => void;
}

function axis(
  { texts }: FieldsInput,
  name: string,
  spec: AxisSpec,
  { first, hasScale, change }: AxisChoice,
): TemplateResult {
  const scale = () =>
    selectField<AxisScale>({
      label: texts.scale,
      choices: AXIS_SCALES.map((value) => ({ value, label: texts.scales[value] })),
      value: spec.scale ?? first,
      choose: (value) => change({ ...spec, scale: value }),
    });
  const limit = (part: 'min' | 'max') =>
    numberField({
      label: part === 'min' ? texts.from : texts.to,
      value: spec[part],
      placeholder: texts.automatic,
      set: (value) => {
        const { [part]: _, ...others } = spec;
        change(value === undefined ? others : { ...others, [part]: value });
      },
    });
  return html`<fieldset class="axis"><legend class="axis-name">${name}</legend>
    ${hasScale ? html`${scale()}<div class="pair">${limit('min')}${limit('max')}</div>` : nothing}
    ${textField({
      label: texts.label,
      value: spec.label ?? '',
      maxLength: CHART_LIMITS.maxTitleLength,
      set: (label) => change({ ...spec, label }),
    })}
  </fieldset>`;
}
