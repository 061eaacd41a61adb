import { effect, signal } from '@preact/signals-core';
import { ChartArea } from '../chart/chart-area.ts';
import { ChartPanel } from '../chart/chart-panel.ts';
import type { ShownChart } from '../chart/shown-chart.ts';
import { unawaited } from '../chart/unawaited.ts';
import type { AppModel } from './app-model.ts';

export interface MountedChart {
  readonly panel: ChartPanel;
  readonly shown: ShownChart;
  close(): void;
}

/** A table's chart on the page, and the form that shapes it where that is open. */
export function mountChart(model: AppModel, table: string, parent: HTMLElement): MountedChart {
  const area = new ChartArea({ parent, leaveLabel: model.texts.leaveFullScreen });
  const panel = new ChartPanel({
    parent: area.element,
    table,
    read: () => model.tables.get(table),
    theme: () => model.theme.theme.peek(),
    rising: () => model.upColours.up.peek(),
    texts: model.texts,
    locale: model.language.locale.peek(),
    published: () => model.charts.get(table),
    spec: () => model.chartSpecs.get(table),
    loadCode: async () => (await import('../chart/chart-code.ts')).createChartCode(),
    onError,
  });
  const shown: ShownChart = {
    isShown: panel.isShown,
    isFull: area.isFull,
    isShaping: signal(false),
    problem: panel.problem,
    toggleFull: () => area.toggleFull(),
    image: (format) => panel.image(format),
  };
  const stops = [
    redrawOnChoices(model, table, panel),
    effect(() => void area.element.toggleAttribute('data-empty', !panel.isShown.value)),
    openBuilder(model, table, shown, area),
  ];
  return {
    panel,
    shown,
    close() {
      for (const stop of stops) stop();
      panel.close();
      area.close();
    },
  };
}

const onError = (error: unknown) => console.error(error);

function redrawOnChoices(model: AppModel, table: string, panel: ChartPanel): () => void {
  const stopColours = effect(() => {
    void model.theme.theme.value;
    void model.upColours.up.value;
    panel.themeChanged();
  });
  let drawn = model.chartSpecs.get(table);
  const stopSpec = effect(() => {
    const text = model.chartSpecs.get(table);
    if (text === drawn) return;
    drawn = text;
    unawaited(() => panel.draw({ isData: false, droppedFirst: 0 }), onError);
  });
  return () => {
    stopColours();
    stopSpec();
  };
}

function openBuilder(model: AppModel, table: string, shown: ShownChart, area: ChartArea): () => void {
  let builder: HTMLElement | null = null;
  let opener: Element | null = null;
  let isWanted = false;
  const stop = effect(() => {
    isWanted = shown.isShaping.value;
    area.element.toggleAttribute('data-shaping', isWanted);
    if (isWanted) {
      opener = document.activeElement;
      void open();
      return;
    }
    const hadFocus = builder?.contains(document.activeElement) ?? false;
    builder?.remove();
    builder = null;
    if (hadFocus && opener instanceof HTMLElement) opener.focus();
  });

  async function open(): Promise<void> {
    const { createBuilder } = await import('../chart/builder/create-builder.ts');
    const created = await createBuilder(model, table, shown);
    if (!isWanted || builder !== null) return;
    builder = created;
    area.element.append(created);
  }

  return () => {
    isWanted = false;
    stop();
    builder?.remove();
  };
}
