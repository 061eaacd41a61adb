import { effect } from '@preact/signals-core';
import type { ChartSpec } from '../../protocol/chart/chart-spec.ts';
import { CHART_TYPES, type ChartType } from '../../protocol/chart/chart-type.ts';
import type { TablecastError } from '../../protocol/errors.ts';
import { ChartPanel } from '../chart/chart-panel.ts';
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
    const { parent, table, gateway, texts, locale, theme, schedule } = this.#context;
    const spec = this.#spec();
    const panel = new ChartPanel({
      parent,
      table,
      read: () => gateway.tables.get(table),
      theme,
      rising: () => (locale === 'en' ? 'cool' : 'warm'),
      texts,
      locale,
      published: () => (spec === null ? gateway.charts.get(table) : null),
      spec: () => spec,
      // What was asked for and does not fit has no other chart in its place.
      ...(spec === null ? {} : { choosePlan: () => null }),
      loadCode: async () => (await import('../chart/chart-code.ts')).createChartCode(),
      onError: (error) => console.error(error),
    });
    const stopProblems = effect(() => this.#tell(panel.problem.value));
    const removeView = schedule(panel);
    const remove = () => {
      removeView();
      stopProblems();
    };
    return [panel, remove];
  }

  #tell(misfit: TablecastError | null): void {
    const { attribute, texts, tellProblem } = this.#context;
    const type = attribute('type');
    if (type !== null && !isChartType(type))
      tellProblem(texts.unknownChartType(type, CHART_TYPES.join(', ')));
    else tellProblem(misfit === null ? null : texts.problem(misfit.code, misfit.message));
  }

  /** As JSON; null where the element names nothing. */
  #spec(): string | null {
    const { attribute } = this.#context;
    const [type, x, y, series] = [
      attribute('type'),
      attribute('x'),
      attributeList(attribute('y')),
      attribute('series'),
    ];
    const spec: ChartSpec = {
      ...(isChartType(type) ? { type } : {}),
      ...(x === null ? {} : { x }),
      ...(y.length === 0 ? {} : { y: [...y] }),
      ...(series === null ? {} : { series }),
    };
    return Object.keys(spec).length === 0 ? null : JSON.stringify(spec);
  }
}

function isChartType(type: string | null): type is ChartType {
  return (CHART_TYPES as readonly (string | null)[]).includes(type);
}
