import { init } from 'echarts/dist/echarts.esm.mjs';
import type { ChartOption } from '../../protocol/chart/chart-option.ts';
import { escapeXml, writableXml } from '../../protocol/chart/xml-text.ts';
import { checkSvg } from './check-svg.ts';

/**
 * An option as SVG of so many pixels.
 *
 * @throws Error where ECharts cannot draw it, or it would hold more than a drawing
 */
export function drawSvg(input: {
  readonly option: ChartOption;
  readonly label: string;
  readonly width: number;
  readonly height: number;
}): string {
  const { option, label, width, height } = input;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ ...option, animation: false });
    const svg = writableXml(chart.renderToSVGString());
    checkSvg(svg);
    return svg.replace(/^<svg /, () => `<svg role="img" aria-label="${escapeXml(label)}" `);
  } finally {
    chart.dispose();
  }
}
