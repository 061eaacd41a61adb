import type { ChartOption } from '../../protocol/chart/chart-option.ts';
import type { ChartPicture } from '../../protocol/chart/chart-picture.ts';
import { chartTexts } from '../../protocol/chart/chart-texts.ts';
import { CHART_THEMES } from '../../protocol/chart/chart-theme.ts';
import { createPicture } from '../../protocol/chart/create-picture.ts';
import { ipcSource } from '../../protocol/chart/ipc-source.ts';
import { withFormatters } from '../../protocol/chart/number-format.ts';
import { plainOption } from '../../protocol/chart/plain-option.ts';
import { publishedPicture } from '../../protocol/chart/published-picture.ts';
import type { DrawnPicture } from './chart-drawer.ts';
import type { ChartJob } from './chart-job.ts';
import { createHtmlDrawing } from './draw-html.ts';
import { createPngDrawing } from './draw-png.ts';
import { drawSvg } from './draw-svg.ts';

/** Draws jobs here and now, in whatever thread this is; what they share is read once. */
export function createChartDrawing(): (job: ChartJob) => DrawnPicture {
  const drawHtml = createHtmlDrawing();
  const drawPng = createPngDrawing();
  return (job) => {
    const { format, parameters } = job;
    const picture = pictureOf(job);
    const option = opaque(optionOf(picture), parameters.theme);
    const { label, unit } = picture;
    const svg = () => drawSvg({ ...parameters, label, option: withFormatters(option, unit) });
    switch (format) {
      case 'json':
        return text(JSON.stringify(plainOption(option)));
      case 'html':
        return drawHtml({ ...parameters, label, option: plainOption(option) });
      case 'svg':
        return text(svg());
      case 'png':
        return drawPng(svg());
      default:
        return format satisfies never;
    }
  };
}

function pictureOf(job: ChartJob): ChartPicture {
  const { content, parameters, format } = job;
  const { width, theme, title } = parameters;
  const input = {
    table: ipcSource(job.ipc, job.firstRow),
    theme: CHART_THEMES[theme],
    texts: chartTexts,
    ...(title === undefined ? {} : { title }),
    ...(format === 'html' ? {} : { staticWidth: width }),
  };
  return content.type === 'published'
    ? publishedPicture({ ...input, option: content.option })
    : createPicture({ ...input, plan: content.plan, pixelColumns: width });
}

/** One option: `data` may add to an axis of the frame. */
function optionOf({ frame, data }: ChartPicture): ChartOption {
  const axes = (['xAxis', 'yAxis'] as const).filter((part) => data[part] !== undefined);
  const merged = axes.map((part) => [part, { ...(frame[part] as object), ...(data[part] as object) }]);
  return { ...frame, ...data, ...Object.fromEntries(merged) };
}

/** A picture stands by itself, so it brings its background. */
function opaque(option: ChartOption, theme: 'light' | 'dark'): ChartOption {
  const { backgroundColor } = option;
  return backgroundColor === 'transparent' || backgroundColor === undefined
    ? { ...option, backgroundColor: CHART_THEMES[theme].surface }
    : option;
}

function text(content: string): DrawnPicture {
  return { bytes: new TextEncoder().encode(content), missingGlyphs: [] };
}
