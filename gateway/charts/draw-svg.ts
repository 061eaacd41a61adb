import { init } from 'echarts';
import type { ChartOption } from '../../protocol/chart/chart-option.ts';
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
    const svg = writable(chart.renderToSVGString());
    checkSvg(svg);
    return svg.replace(/^<svg /, () => `<svg role="img" aria-label="${escapeXml(label)}" `);
  } finally {
    chart.dispose();
  }
}

export function escapeXml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return writable(text.replace(/[&<>"]/g, (character) => entities[character]!));
}

/** XML has no way to write some characters (XML 1.0, 2.2). */
function writable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}
