import type { ChartOption } from '../../protocol/chart/chart-option.ts';

interface Zoom {
  /** Percent of the extent. */
  readonly start: number;
  readonly end: number;
}

/** What the viewer did to a chart: where they zoomed to, which series they switched off. */
export interface ViewerState {
  readonly zoom: readonly Zoom[];
  /** An option with that done to it too. */
  restore(option: ChartOption): ChartOption;
}

/** Reads it from an option as ECharts tells it, where each part is a list. */
export function viewerState(current: unknown): ViewerState {
  const { dataZoom = [], legend = [] } = (current ?? {}) as { dataZoom?: unknown[]; legend?: unknown[] };
  const zoom = dataZoom.flatMap((one) => {
    const { start, end } = one as Partial<Zoom>;
    return start === undefined || end === undefined ? [] : [{ start, end }];
  });
  const selected = legend.map((one) => (one as { selected?: object }).selected);
  return {
    zoom,
    restore: (option) => ({
      ...option,
      ...restored(option, 'dataZoom', (part, i) => ({ ...part, ...zoom[i] })),
      ...restored(option, 'legend', (part, i) =>
        selected[i] === undefined ? part : { ...part, selected: { ...selectedOf(part), ...selected[i] } },
      ),
    }),
  };
}

function selectedOf(part: ChartOption): object {
  return (part.selected as object | undefined) ?? {};
}

function restored(
  option: ChartOption,
  name: string,
  over: (part: ChartOption, index: number) => ChartOption,
): ChartOption {
  const given = option[name];
  if (given === undefined || given === null) return {};
  const parts = [given].flat() as ChartOption[];
  return { [name]: parts.map(over) };
}
