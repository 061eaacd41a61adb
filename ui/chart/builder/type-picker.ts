import { html, svg, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { CHART_TYPES, type ChartType } from '../../../protocol/chart/chart-type.ts';
import type { BuilderTexts } from '../../locales/chart/builder-en.ts';

/** In a box of 24 by 16. */
const SHAPES: Readonly<Record<ChartType, TemplateResult>> = {
  line: svg`<path d="M2 13 8 6l5 4 9-7" />`,
  area: svg`<path class="soft" d="M2 14V11l6-5 5 3 9-6v11z" /><path d="M2 11 8 6l5 3 9-6" />`,
  bar: svg`<path class="solid" d="M3 8h4v6H3zM10 3h4v11h-4zM17 6h4v8h-4z" />`,
  scatter: svg`<g class="solid"><circle cx="5" cy="11" r="1.6" /><circle cx="9" cy="6" r="1.6" /><circle cx="14" cy="9" r="1.6" /><circle cx="19" cy="4" r="1.6" /></g>`,
  pie: svg`<circle cx="12" cy="8" r="6" /><path class="solid" d="M12 8V2a6 6 0 0 1 5.2 9z" />`,
  candlestick: svg`<path d="M6 2v12M18 2v12" /><path class="solid" d="M4 5h4v6H4zM16 4h4v5h-4z" />`,
  heatmap: svg`<path class="soft" d="M3 2h6v6H3zM15 8h6v6h-6z" /><path class="solid" d="M9 2h6v6H9zM3 8h6v6H3z" /><path class="soft" d="M15 2h6v6h-6z" />`,
  gauge: svg`<path d="M4 13a8 8 0 1 1 16 0M12 13l4-5" />`,
  histogram: svg`<path class="solid" d="M3 11h3.4v3H3zM7 7h3.4v7H7zM11 2h3.4v12H11zM15 5h3.4v9H15zM19 10h3v4h-3z" />`,
};

/** The kinds of charts, those the table has nothing for switched off. */
export function typePicker(picker: {
  readonly texts: BuilderTexts;
  readonly type: ChartType | null;
  readonly isPossible: (type: ChartType) => boolean;
  readonly choose: (type: ChartType) => void;
}): TemplateResult {
  const { texts, type, isPossible, choose } = picker;
  return html`<fieldset class="types"><legend class="is-unseen">${texts.type}</legend>${CHART_TYPES.map(
    (one) => {
      const can = isPossible(one);
      return html`<label class="type" title=${can ? texts.types[one] : `${texts.types[one]}: ${texts.notPossible}`}>
      <input type="radio" name="chart-type" ?disabled=${!can} .checked=${live(one === type)} @change=${() => choose(one)} />
      <svg viewBox="0 0 24 16" aria-hidden="true">${SHAPES[one]}</svg><span>${texts.types[one]}</span>
    </label>`;
    },
  )}</fieldset>`;
}
