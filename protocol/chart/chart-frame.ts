import type { Field } from '../arrow/data-type.ts';
import { columnLabel, columnUnit } from '../column-label.ts';
import type { ChartOption } from './chart-option.ts';
import type { ChartPictureInput } from './chart-picture.ts';
import type { ChartTheme } from './chart-theme.ts';

type Surroundings = Pick<ChartPictureInput, 'theme' | 'title' | 'staticWidth'>;

const TITLE_PIXELS = 26;
const LEGEND_ROW_PIXELS = 18;
const LEGEND_TOP_PIXELS = 32;

/** Around the series: title, legend, colours, tooltip. The tooltip's text is text, for HTML would run. */
export function commonFrame(input: Surroundings, seriesNames: readonly string[]): ChartOption {
  const { theme, title } = input;
  return {
    animation: false,
    useUTC: true,
    color: theme.colors,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    ...(title === undefined ? {} : { title: titleOption(theme, title) }),
    legend: legend(input, seriesNames),
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      transitionDuration: 0,
      order: 'valueDesc',
      backgroundColor: theme.surface,
      borderColor: theme.hairline,
      textStyle: { color: theme.text, fontSize: 12 },
      axisPointer: { lineStyle: { color: theme.text, opacity: 0.5 } },
    },
  };
}

export function titleOption(theme: ChartTheme, text: string): ChartOption {
  return { text, left: 8, top: 6, textStyle: { color: theme.text, fontSize: 14, fontWeight: 600 } };
}

/** Pixels above the series. */
export function topOf(input: Surroundings, seriesNames: readonly string[]): number {
  const title = input.title === undefined ? 0 : TITLE_PIXELS;
  return title + LEGEND_TOP_PIXELS + (legendRows(input, seriesNames) - 1) * LEGEND_ROW_PIXELS;
}

export function gridOption(input: Surroundings, seriesNames: readonly string[], bottom: number): ChartOption {
  return { left: 8, right: 16, top: topOf(input, seriesNames), bottom, containLabel: true };
}

function legend(input: Surroundings, seriesNames: readonly string[]): ChartOption {
  const { theme, title, staticWidth } = input;
  return {
    show: seriesNames.length > 1,
    type: staticWidth === undefined ? 'scroll' : 'plain',
    top: title === undefined ? 0 : TITLE_PIXELS,
    right: 16,
    icon: 'roundRect',
    itemWidth: 10,
    itemHeight: 3,
    textStyle: { color: theme.text, fontSize: 11 },
    inactiveColor: theme.inactive,
    pageIconColor: theme.text,
    pageTextStyle: { color: theme.text },
  };
}

/** An estimate: about 7 pixels a character. */
function legendRows({ staticWidth }: Surroundings, seriesNames: readonly string[]): number {
  if (staticWidth === undefined || seriesNames.length < 2) return 1;
  const pixels = seriesNames.reduce((sum, name) => sum + 7 * name.length + 28, 0);
  return Math.min(6, Math.ceil(pixels / (staticWidth - 32)));
}

export function axis(theme: ChartTheme): ChartOption {
  return {
    axisLine: { lineStyle: { color: theme.hairline } },
    axisTick: { show: false },
    axisLabel: { color: theme.text, fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: theme.hairline } },
  };
}

export function categoryAxis(theme: ChartTheme): ChartOption {
  return {
    ...axis(theme),
    type: 'category',
    axisLabel: { color: theme.text, fontSize: 11, hideOverlap: true, width: 96, overflow: 'truncate' },
    splitLine: { show: false },
  };
}

/** The name of an axis that carries these columns: that of the one there is, and their unit. */
export function measuresName(measures: readonly Field[]): string {
  const first = measures[0]!;
  const name = measures.length > 1 ? '' : columnLabel(first);
  return [name, columnUnit(first) ?? ''].filter((part) => part !== '').join(', ');
}

export function valueAxis(theme: ChartTheme, name: string): ChartOption {
  return {
    ...axis(theme),
    type: 'value',
    scale: false,
    name,
    nameGap: 8,
    nameTextStyle: { color: theme.text, fontSize: 11, align: 'left' },
    axisLine: { show: false },
  };
}

/** By wheel and by a slider; nobody could move them in a static picture. */
export function zoomOption({ theme, staticWidth }: Surroundings): ChartOption {
  if (staticWidth !== undefined) return {};
  return {
    dataZoom: [
      { id: 'inside', type: 'inside', filterMode: 'none', throttle: 32 },
      {
        id: 'slider',
        type: 'slider',
        filterMode: 'none',
        height: 10,
        bottom: 6,
        brushSelect: false,
        showDetail: false,
        showDataShadow: false,
        borderColor: 'transparent',
        backgroundColor: 'transparent',
        fillerColor: theme.hairline,
        handleSize: '120%',
        handleStyle: { color: theme.surface, borderColor: theme.inactive },
        moveHandleSize: 0,
        emphasis: { handleStyle: { borderColor: theme.colors[0] } },
      },
    ],
  };
}
