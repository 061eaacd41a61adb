import { computed, effect, type ReadonlySignal } from '@preact/signals-core';
import type { Panel } from '../../protocol/dashboard/dashboard.ts';
import { ChartPanel } from '../chart/chart-panel.ts';
import type { CellMarks } from '../grid/cells/cell-marks.ts';
import { GridView } from '../grid/grid-view.ts';
import { changedChoices, parseGridState } from '../grid/state/stored-states.ts';
import type { AppModel } from '../shell/app-model.ts';
import type { FirstRows } from '../shell/first-rows.ts';
import { isAppended } from '../shell/table-panel.ts';
import { panelSpec } from './chart-choice.ts';

export interface PanelViewOptions {
  readonly model: AppModel;
  readonly parent: HTMLElement;
  readonly panel: Panel;
  /** Of its table, while its snapshot loads. */
  readonly firstRows: ReadonlySignal<FirstRows | null>;
  readonly marks: ReadonlySignal<CellMarks>;
  /** The viewer sorted, filtered or arranged the panel's table. */
  readonly onView: (view: NonNullable<Panel['view']>) => void;
}

/** What a panel shows, on screen until it is closed. It draws when its own table changed. */
export function openPanelView(options: PanelViewOptions): { close(): void } {
  return options.panel.type === 'chart' ? openChart(options) : openTable(options);
}

/** What is chosen of the panel's table. Equal where the same is shown, however it was written. */
export function viewChoices({ type, view }: Pick<Panel, 'type' | 'view'>): string {
  return type === 'chart' ? '' : JSON.stringify(changedChoices(parseGridState(view)));
}

/** Whether it shows its table's first rows first, as they are. */
export function beginsWithFirstRows({ type, view }: Panel): boolean {
  const { sort, filters, search, groupBy } = parseGridState(view);
  return type !== 'chart' && search === '' && [sort, filters, groupBy].every((parts) => parts.length === 0);
}

function openTable({ model, parent, panel, firstRows, marks, onView }: PanelViewOptions) {
  const grid = new GridView({
    parent,
    table: panel.table,
    id: `panel-${panel.id}`,
    read: () => model.tables.get(panel.table) ?? firstRows.peek()?.table,
    texts: model.texts,
    states: {
      load: () => parseGridState(panel.view),
      isInstant: true,
      save: (_, state) => onView({ ...changedChoices(state) }),
    },
    isAppended: computed(() => isAppended(model, panel.table)),
    hasSearchKey: model.singleKeys.isOn,
    onShown: () => {},
    marks: (fields) => marks.peek()(fields),
  });
  const remove = model.scheduler.add(grid);
  const stopMarks = effect(() => {
    void marks.value;
    grid.redraw();
  });
  return {
    close() {
      stopMarks();
      remove();
      grid.close();
    },
  };
}

function openChart({ model, parent, panel }: PanelViewOptions) {
  const spec = panelSpec(panel.chart);
  const chart = new ChartPanel({
    parent,
    table: panel.table,
    read: () => model.tables.get(panel.table),
    theme: () => model.theme.theme.peek(),
    rising: () => model.upColours.up.peek(),
    texts: model.texts,
    locale: model.language.locale.peek(),
    published: () => (spec === null ? model.charts.get(panel.table) : null),
    spec: () => spec,
    // What was chosen and does not fit has no other chart in its place.
    ...(spec === null ? {} : { choosePlan: () => null }),
    loadCode: async () => (await import('../chart/chart-code.ts')).createChartCode(),
    onError: (error) => console.error(error),
  });
  const remove = model.scheduler.add(chart);
  const stopTheme = effect(() => {
    void model.theme.theme.value;
    void model.upColours.up.value;
    chart.themeChanged();
  });
  return {
    close() {
      stopTheme();
      remove();
      chart.close();
    },
  };
}
