import { type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { ChartOption } from '../../protocol/chart/chart-option.ts';
import { escapeXml, writableXml } from '../../protocol/chart/xml-text.ts';

/** What is drawn to be moved or pointed at. */
const MOVING_PARTS = ['tooltip', 'axisPointer'];

/** The chart as SVG of its size: the same option drawn once more, in letters and lines. */
export function svgImage(input: {
  readonly chart: EChartsType;
  readonly background: string;
  /** What it shows, in words. */
  readonly label: string;
  readonly locale: string;
}): Blob {
  const { chart, background, label, locale } = input;
  use([SVGRenderer]);
  const size = { width: chart.getWidth(), height: chart.getHeight() };
  const drawing = init(null, null, { renderer: 'svg', ssr: true, locale, ...size });
  try {
    drawing.setOption({ ...still(chart.getOption() as ChartOption), backgroundColor: background });
    const svg = writableXml(drawing.renderToSVGString());
    const named = svg.replace(/^<svg /, () => `<svg role="img" aria-label="${escapeXml(label)}" `);
    return new Blob([named], { type: 'image/svg+xml' });
  } finally {
    drawing.dispose();
  }
}

/** The zoom stays, and its slider goes. */
function still(option: ChartOption): ChartOption {
  const others = Object.entries(option).filter(([part]) => !MOVING_PARTS.includes(part));
  const { dataZoom } = option;
  const zooms = Array.isArray(dataZoom) ? dataZoom.filter(({ type }) => type === 'inside') : [];
  return { ...Object.fromEntries(others), animation: false, dataZoom: zooms };
}
