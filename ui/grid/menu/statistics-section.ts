import { html, nothing, render, svg, type TemplateResult } from 'lit';
import type { Field } from '../../../protocol/arrow/data-type.ts';
import type { Texts } from '../../locales/en.ts';
import { shownText } from '../cells/cell-text.ts';
import { BIN_COUNT, type ColumnSummary } from '../statistics/column-summary.ts';

const BIN_PX = 10;
const HEIGHT_PX = 40;
const LISTED = 5;

export interface StatisticsSection {
  readonly element: HTMLElement;
  show(summary: ColumnSummary): void;
}

/** A column's summary in a menu: its counts, its extent, and a small histogram or its most frequent values. */
export function createStatisticsSection(field: Field, texts: Texts): StatisticsSection {
  const element = document.createElement('section');
  element.className = 'statistics';
  element.setAttribute('aria-label', texts.grid.statistics);
  const show = (summary: ColumnSummary | null) => render(template(summary, field, texts), element);
  show(null);
  return { element, show };
}

function template(summary: ColumnSummary | null, field: Field, texts: Texts): TemplateResult {
  const names = texts.grid.statisticNames;
  const shown = (exact: string | null) =>
    exact === null ? null : shownText(exact, field.type, field.metadata.get('format'));
  const { count, isExact } = summary?.distinct ?? { count: 0, isExact: true };
  const rows: [string, string | null, string | null][] = [
    [names.values, summary && texts.count(summary.rowCount - summary.nullCount), null],
    [names.nulls, summary && texts.count(summary.nullCount), null],
    [names.distinct, summary && (isExact ? texts.count(count) : texts.grid.moreThan(count)), null],
  ];
  if (summary !== null && summary.nanCount > 0) rows.push([names.nans, texts.count(summary.nanCount), null]);
  if (summary !== null && summary.min !== null) {
    rows.push([names.min, shown(summary.min), summary.min]);
    rows.push([names.max, shown(summary.max), summary.max]);
  }
  if (summary !== null && summary.mean !== null) {
    const mean = String(summary.mean);
    rows.push([names.mean, shownText(mean, { kind: 'float', bits: 64 }, field.metadata.get('format')), mean]);
  }
  return html`
    <dl>${rows.map(
      ([name, value, title]) =>
        html`<div><dt>${name}</dt><dd title=${title ?? nothing}>${value ?? '…'}</dd></div>`,
    )}</dl>
    ${summary === null ? nothing : (histogram(summary, texts, shown) ?? frequentValues(summary, texts))}`;
}

function histogram(
  { bins, min, max }: ColumnSummary,
  texts: Texts,
  shown: (exact: string | null) => string | null,
): TemplateResult | null {
  if (bins === null) return null;
  const most = Math.max(...bins);
  return html`<svg class="histogram" role="img" viewBox="0 0 ${BIN_COUNT * BIN_PX} ${HEIGHT_PX}" preserveAspectRatio="none"
    aria-label=${texts.grid.histogram(shown(min) ?? '', shown(max) ?? '')}>
    ${bins.map((count, i) => {
      // A bin that holds anything is seen.
      const height = count === 0 ? 0 : Math.max(1, (count / most) * HEIGHT_PX);
      return svg`<rect x=${i * BIN_PX} y=${HEIGHT_PX - height} width=${BIN_PX - 1} height=${height} />`;
    })}
  </svg>`;
}

function frequentValues({ values, rowCount }: ColumnSummary, texts: Texts): TemplateResult | typeof nothing {
  if (values === null || values.length === 0) return nothing;
  return html`<ul class="frequent">
    ${values.slice(0, LISTED).map(({ text, count }) => {
      const name = text === null ? texts.grid.noValue : text === '' ? texts.grid.emptyText : text;
      return html`<li title=${name}><svg aria-hidden="true"><rect width="${(100 * count) / Math.max(1, rowCount)}%" height="100%" /></svg><span>${name}</span><span>${texts.count(count)}</span></li>`;
    })}
  </ul>`;
}
