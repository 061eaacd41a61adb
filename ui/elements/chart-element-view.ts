import {
  type ChartParameters,
  choosesColumns,
  DEFAULT_CHART_PARAMETERS,
} from '../../protocol/chart/chart-parameters.ts';
import type { ChartPlan } from '../../protocol/chart/chart-plan.ts';
import { CHART_TYPES, type ChartType } from '../../protocol/chart/chart-type.ts';
import { requestedPlan } from '../../protocol/chart/requested-plan.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { ChartPanel } from '../chart/chart-panel.ts';
import type { TableReader } from '../table-reader.ts';
import { attributeList } from './attribute-list.ts';
import type { ElementView, ElementViewContext, ElementViewModule } from './element-view.ts';

/** The table as the page's chart, of what the element's `type`, `x`, `y` and `series` name; else as it was published, or as its columns suggest. */
export const chartElementView: ElementViewModule = {
  styles: '',
  create: (context) => new ChartElementView(context),
};

class ChartElementView implements ElementView {
  readonly #context: ElementViewContext;
  #panel: ChartPanel;
  #removeView: () => void;

  constructor(context: ElementViewContext) {
    this.#context = context;
    [this.#panel, this.#removeView] = this.#open();
  }

  changed(): void {}

  /** Another chart: zoom and legend begin anew. */
  attributeChanged(): void {
    this.close();
    [this.#panel, this.#removeView] = this.#open();
  }

  themeChanged(): void {
    this.#panel.themeChanged();
  }

  close(): void {
    this.#removeView();
    this.#panel.close();
  }

  #open(): [ChartPanel, () => void] {
    const { parent, table, gateway, texts, theme, tellProblem } = this.#context;
    const asked = this.#parameters();
    const choosesPlan = choosesColumns(asked);
    const type = this.#context.attribute('type');
    tellProblem(type === null || isChartType(type) ? null : unknownType(type));
    const panel = new ChartPanel({
      parent,
      table,
      read: () => gateway.tables.get(table),
      theme,
      texts,
      published: () => (choosesPlan ? null : gateway.charts.get(table)),
      ...(choosesPlan ? { choosePlan: (reader: TableReader) => this.#choosePlan(reader, asked) } : {}),
      loadPublishedParts: async () => (await import('../chart/published-parts.ts')).usePublishedParts(),
      loadChartView: async () => (await import('../chart/chart-view.ts')).createChartView,
    });
    return [panel, gateway.scheduler.add(panel)];
  }

  #choosePlan(table: TableReader, asked: ChartParameters): ChartPlan | null {
    const { tellProblem } = this.#context;
    try {
      const plan = requestedPlan(table, asked);
      tellProblem(null);
      return plan;
    } catch (error) {
      if (!(error instanceof TablecastError)) throw error;
      tellProblem(error.message);
      return null;
    }
  }

  #parameters(): ChartParameters {
    const { attribute } = this.#context;
    const [type, x, y, series] = [
      attribute('type'),
      attribute('x'),
      attributeList(attribute('y')),
      attribute('series'),
    ];
    return {
      ...DEFAULT_CHART_PARAMETERS,
      ...(isChartType(type) ? { type } : {}),
      ...(x === null ? {} : { x }),
      ...(y.length === 0 ? {} : { y }),
      ...(series === null ? {} : { series }),
    };
  }
}

function unknownType(type: string): string {
  return `The attribute "type" is ${JSON.stringify(type)}; it takes ${CHART_TYPES.join(', ')}.`;
}

function isChartType(type: string | null): type is ChartType {
  return (CHART_TYPES as readonly (string | null)[]).includes(type);
}
