/** What a published option may hold: see {@link cleanOption}. Names are those of ECharts 6. */

/** Parts of an option that a live chart shows; others (toolbox, timeline, graphic, geo, media …) are left out. */
export const PARTS: ReadonlySet<string> = new Set([
  'title',
  'legend',
  'grid',
  'xAxis',
  'yAxis',
  'polar',
  'radiusAxis',
  'angleAxis',
  'radar',
  'parallel',
  'parallelAxis',
  'singleAxis',
  'dataZoom',
  'visualMap',
  'tooltip',
  'axisPointer',
  'series',
  'color',
  'backgroundColor',
  'textStyle',
  'useUTC',
]);

/** What can be drawn without functions, maps or extensions. */
export const SERIES_TYPES: ReadonlySet<string> = new Set([
  'line',
  'bar',
  'scatter',
  'effectScatter',
  'pie',
  'candlestick',
  'boxplot',
  'heatmap',
  'gauge',
  'radar',
  'funnel',
  'pictorialBar',
  'treemap',
  'sunburst',
  'sankey',
  'graph',
  'tree',
  'parallel',
  'themeRiver',
]);

export const COORDINATE_SYSTEMS: ReadonlySet<string> = new Set([
  'cartesian2d',
  'polar',
  'radar',
  'parallel',
  'singleAxis',
  'view',
]);

/** Left out wherever they stand: they lead to HTML, to other addresses, to datasets of their own, or move by themselves. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'renderMode',
  'extraCssText',
  'appendTo',
  'appendToBody',
  'className',
  'link',
  'sublink',
  'onclick',
  'optionToContent',
  'contentToOption',
  'renderItem',
  'image',
  'cursor',
  'toolbox',
  'graphic',
  'brush',
  'dataset',
  'datasetIndex',
  'datasetId',
  'seriesLayoutBy',
  'transform',
  'universalTransition',
  'rippleEffect',
  'showEffectOn',
  'effectType',
  'effect',
  'layoutAnimation',
  '__proto__',
  'constructor',
  'prototype',
]);

export function isLeftOut(key: string): boolean {
  return LEFT_OUT.has(key) || key.startsWith('animation') || key.startsWith('progressive');
}

/** Strings below these are words for people or names of columns and nodes, drawn as text whatever they hold. */
export const TEXT_KEYS: ReadonlySet<string> = new Set([
  'name',
  'text',
  'subtext',
  'data',
  'value',
  'categories',
  'source',
  'target',
  'encode',
  'dimensions',
  'dimension',
  'id',
  'seriesId',
  'seriesName',
  'stack',
  'description',
]);

/** Counts of things to be drawn. */
export const MAX_COUNTS: ReadonlyMap<string, number> = new Map([
  ['splitNumber', 100],
  ['layoutIterations', 100],
  ['symbolRepeat', 500],
]);

export const MAX_DEPTH = 32;

/** pyecharts puts it around functions. */
export const FUNCTION_MARK = '--x_x--0_0--';
const FUNCTION = /^\s*(?:async\s+)?(?:function\b|\([\w$\s,{}[\]]*\)\s*=>|[\w$]+\s*=>|new\s+[\w$.]+\s*\()/;

export function looksLikeFunction(text: string): boolean {
  return text.includes(FUNCTION_MARK) || FUNCTION.test(text);
}

/** Colours, sizes, fonts, symbols, positions: nothing that ends an attribute or a rule, or names an address. */
export function isPlainStyle(text: string): boolean {
  return (
    !/[<>"'&{}\\;`\n]/.test(text) && !/url\s*\(|expression\s*\(|image:|(?:java|vb)script:|data:/i.test(text)
  );
}
