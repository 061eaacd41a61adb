import { BarChart, LineChart } from 'echarts/charts';
import {
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  LegendScrollComponent,
  TitleComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, registerLocale, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { ChartOption } from '../../protocol/chart/chart-option.ts';
import type { ChartPicture } from '../../protocol/chart/chart-picture.ts';
import { disarmedOption } from '../../protocol/chart/disarmed-option.ts';
import { withFormatters } from '../../protocol/chart/number-format.ts';
import type { Locale } from '../locales/locale.ts';
import { CHART_LOCALES, JAPANESE } from './chart-locale.ts';
import { dataUrlBlob } from './data-url-blob.ts';
import { viewerState } from './viewer-state.ts';

export type ImageFormat = 'png' | 'svg';

export interface ChartView {
  /** Paints at once. `isNewFrame` also replaces axes, legend and colours; the viewer's zoom and legend choice stay. */
  draw(picture: ChartPicture, isNewFrame: boolean): void;
  /** Forgets the last chart, zoom and all. */
  reset(): void;
  resize(): void;
  /** The chart as it is on screen, zoom and legend choice included, without what only moves it. */
  image(format: ImageFormat, background: string): Promise<Blob>;
  close(): void;
}

export interface ChartViewOptions {
  readonly element: HTMLElement;
  /** Of ECharts' own texts: names of months and days. */
  readonly locale: Locale;
  /** The viewer zoomed: percent of the x extent. */
  readonly onZoom: (startPercent: number, endPercent: number) => void;
}

/** Dots of a picture for each of the page's pixels. */
const PNG_RATIO = 2;

/** The page's one door to ECharts; it is loaded when the first chart is shown. */
export function createChartView(options: ChartViewOptions): ChartView {
  useParts();
  const locale = CHART_LOCALES[options.locale];
  const chart = init(options.element, null, { renderer: 'canvas', locale });
  let seriesIds = '';
  let label = '';

  chart.on('datazoom', () => {
    const zoom = viewerState(chart.getOption()).zoom[0];
    if (zoom !== undefined) options.onZoom(zoom.start, zoom.end);
  });

  return {
    draw(picture, isNewFrame) {
      const isOtherSeries = picture.seriesIds !== seriesIds;
      seriesIds = picture.seriesIds;
      label = picture.label;
      const frame = withFormatters(picture.frame, picture.unit);
      if (isNewFrame) {
        // Merged, what the last frame had and this one has not would stay.
        const { restore } = viewerState(chart.getOption());
        const option = restore({ ...frame, ...merged(frame, picture.data) });
        chart.setOption(disarmedOption(option), { notMerge: true });
        return;
      }
      const option = isOtherSeries ? { ...frame, ...merged(frame, picture.data) } : picture.data;
      // A merged dataset would keep its length; one without an id is a new one.
      const parts = [...(isOtherSeries ? ['series'] : []), ...('dataset' in option ? ['dataset'] : [])];
      chart.setOption(disarmedOption(option), { replaceMerge: parts });
    },
    reset() {
      seriesIds = '';
      chart.clear();
    },
    resize() {
      chart.resize({ animation: { duration: 0 } });
    },
    async image(format, background) {
      if (format === 'svg') {
        const { svgImage } = await import('./svg-image.ts');
        return svgImage({ chart, background, label, locale });
      }
      const excludeComponents = ['dataZoom', 'tooltip', 'axisPointer'];
      const type = 'png';
      return dataUrlBlob(
        chart.getDataURL({ type, pixelRatio: PNG_RATIO, backgroundColor: background, excludeComponents }),
      );
    },
    close() {
      if (!chart.isDisposed()) chart.dispose();
    },
  };
}

function useParts(): void {
  use([
    BarChart,
    LineChart,
    GridComponent,
    LegendScrollComponent,
    TitleComponent,
    TooltipComponent,
    DataZoomInsideComponent,
    DataZoomSliderComponent,
    CanvasRenderer,
  ]);
  registerLocale(CHART_LOCALES.ja, JAPANESE as Parameters<typeof registerLocale>[1]);
}

/** `data` may add to the axes of the frame. */
function merged(frame: ChartOption, data: ChartOption): ChartOption {
  const axes = (['xAxis', 'yAxis'] as const).filter((part) => isObject(data[part]) && isObject(frame[part]));
  const both = axes.map((part) => [part, { ...(frame[part] as object), ...(data[part] as object) }]);
  return { ...data, ...Object.fromEntries(both) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
