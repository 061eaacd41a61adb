import '../../styles/chart-builder.css';
import { loadBuilderTexts } from '../../locales/chart/load-builder-texts.ts';
import type { AppModel } from '../../shell/app-model.ts';
import type { ShownChart } from '../shown-chart.ts';
import { ChartBuilder } from './chart-builder.ts';

const ELEMENT = 'tablecast-chart-builder';

/** The form that shapes a chart, in the page's language, to be put beside it; it is loaded when it is first asked for. */
export async function createBuilder(model: AppModel, table: string, chart: ShownChart): Promise<HTMLElement> {
  if (customElements.get(ELEMENT) === undefined) customElements.define(ELEMENT, ChartBuilder);
  const texts = await loadBuilderTexts(model.language.locale.peek());
  return Object.assign(new ChartBuilder(), { model, table, chart, builderTexts: texts });
}
