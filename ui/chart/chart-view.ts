import { BarChart, LineChart } from 'echarts/charts';
import {
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  LegendScrollComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { ChartOption } from '../../protocol/chart/chart-option.ts';
import type { ChartPicture } from '../../protocol/chart/chart-picture.ts';
import { hardenObjects } from '../../protocol/chart/harden-objects.ts';
import { withFormatters } from '../../protocol/chart/number-format.ts';

export interface ChartView {
  /** Paints at once. `isNewFrame` also replaces axes, legend and colours; the viewer's zoom and legend choice stay. */
  draw(picture: ChartPicture, isNewFrame: boolean): void;
  /** Forgets the last chart, zoom and all. */
  reset(): void;
  resize(): void;
  close(): void;
}

export interface ChartViewOptions {
  readonly element: HTMLElement;
  /** The viewer zoomed: percent of the x extent. */
  readonly onZoom: (startPercent: number, endPercent: number) => void;
}

/** The page's one door to ECharts; it is loaded when the first chart is shown. */
export function createChartView(options: ChartViewOptions): ChartView {
  use([
    BarChart,
    LineChart,
    GridComponent,
    LegendScrollComponent,
    TooltipComponent,
    DataZoomInsideComponent,
    DataZoomSliderComponent,
    CanvasRenderer,
  ]);
  hardenObjects();
  const chart = init(options.element, null, { renderer: 'canvas' });
  let seriesIds = '';

  chart.on('datazoom', () => {
    const zoom = firstZoom(chart.getOption());
    if (zoom !== null) options.onZoom(zoom.start, zoom.end);
  });

  return {
    draw(picture, isNewFrame) {
      const isOtherSeries = picture.seriesIds !== seriesIds;
      seriesIds = picture.seriesIds;
      const frame = withFormatters(picture.frame, picture.unit);
      const option =
        isNewFrame || isOtherSeries ? { ...frame, ...merged(frame, picture.data) } : picture.data;
      // A merged dataset would keep its length; one without an id is a new one.
      const parts = [...(isOtherSeries ? ['series'] : []), ...('dataset' in option ? ['dataset'] : [])];
      chart.setOption(option, { replaceMerge: parts });
    },
    reset() {
      seriesIds = '';
      chart.clear();
    },
    resize() {
      chart.resize({ animation: { duration: 0 } });
    },
    close() {
      if (!chart.isDisposed()) chart.dispose();
    },
  };
}

/** `data` may add to an axis of the frame. */
function merged(frame: ChartOption, data: ChartOption): ChartOption {
  const { xAxis } = data;
  if (typeof xAxis !== 'object') return data;
  return { ...data, xAxis: { ...(frame.xAxis as object), ...xAxis } };
}

function firstZoom(option: unknown): { start: number; end: number } | null {
  const zooms = (option as { dataZoom?: { start?: number; end?: number }[] }).dataZoom;
  const first = zooms?.[0];
  return first?.start === undefined || first.end === undefined
    ? null
    : { start: first.start, end: first.end };
}
