import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ChartOption } from '../../protocol/chart/chart-option.ts';
import { CHART_THEMES } from '../../protocol/chart/chart-theme.ts';
import { hardenObjects } from '../../protocol/chart/harden-objects.ts';
import { escapeXml } from '../../protocol/chart/xml-text.ts';
import type { DrawnPicture } from './chart-drawer.ts';

/** Runs in the page: the option is data, and never code. */
const BOOT = `
const element = document.getElementById('chart');
const chart = echarts.init(element, null, { renderer: 'canvas' });
chart.setOption(JSON.parse(document.getElementById('option').textContent));
addEventListener('resize', () => chart.resize());
`;

interface Script {
  readonly text: string;
  readonly hash: string;
}

interface HtmlInput {
  readonly option: ChartOption;
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
  readonly title?: string;
}

/** Pages that need nothing else: ECharts, the option and its data in one file. ECharts is read at the first one. */
export function createHtmlDrawing(): (input: HtmlInput) => DrawnPicture {
  let library: Script | null = null;
  return (input) => {
    library ??= readLibrary();
    const policy = policyFor([library, script(BOOT)]);
    const html = drawHtml(input, library, policy);
    return { bytes: new TextEncoder().encode(html), missingGlyphs: [], policy };
  };
}

function readLibrary(): Script {
  const path = createRequire(import.meta.url).resolve('echarts/dist/echarts.min.js');
  const library = readFileSync(path, 'utf8').replaceAll('</script', '<\\/script');
  return script(`(${hardenObjects})();\n${library}`);
}

/** The page's own scripts alone may run, by their hashes; nothing is fetched. */
function policyFor(scripts: readonly Script[]): string {
  const hashes = scripts.map(({ hash }) => `'sha256-${hash}'`).join(' ');
  return `default-src 'none'; script-src ${hashes}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'`;
}

function drawHtml(input: HtmlInput, library: Script, policy: string): string {
  const { option, label, width, height, theme, title } = input;
  const { surface } = CHART_THEMES[theme];
  // Where a page's text could end its element, it is written otherwise.
  const json = JSON.stringify(option).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title ?? label)}</title>
<style>body { margin: 0; background: ${surface}; } #chart { width: 100%; max-width: ${width}px; height: ${height}px; margin: 0 auto; }</style>
</head>
<body>
<div id="chart" role="img" aria-label="${escapeXml(label)}"></div>
<script type="application/json" id="option">${json}</script>
<script>${library.text}</script>
<script>${BOOT}</script>
</body>
</html>
`;
}

function script(text: string): Script {
  return { text, hash: createHash('sha256').update(text).digest('base64') };
}
