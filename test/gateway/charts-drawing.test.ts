import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChartJob } from '../../gateway/charts/chart-job.ts';
import type { ChartFormat } from '../../gateway/charts/chart-renderer.ts';
import { checkSvg } from '../../gateway/charts/check-svg.ts';
import { createChartDrawing } from '../../gateway/charts/draw-chart.ts';
import type { Row } from '../../protocol/arrow/from-values.ts';
import { type ChartParameters, DEFAULT_CHART_PARAMETERS } from '../../protocol/chart/chart-parameters.ts';
import { CHART_TYPES } from '../../protocol/chart/chart-type.ts';
import { createStore } from './stored-tables.ts';

const drawJob = createChartDrawing();

function draw(
  rows: readonly Row[],
  format: ChartFormat,
  parameters: Partial<ChartParameters> = {},
  header: object = {},
) {
  const { store, publish } = createStore();
  publish('t', rows, header);
  return drawJob(createChartJob(store.table('t'), format, { ...DEFAULT_CHART_PARAMETERS, ...parameters }));
}

const text = (...args: Parameters<typeof draw>) => new TextDecoder().decode(draw(...args).bytes);

const candles = Array.from({ length: 40 }, (_, i) => ({
  day: `day ${i}`,
  week: `week ${Math.floor(i / 7)}`,
  open: i,
  high: i + 3,
  low: i - 2,
  close: i + 1,
}));

describe('a drawn chart', () => {
  it.each(CHART_TYPES)('of type %s is an SVG, a PNG, an option and a page', (type) => {
    const parameters = { type, width: 300, height: 200, title: 'A title' };
    const svg = text(candles, 'svg', parameters);
    expect(svg).toMatch(/^<svg role="img" aria-label="[A-Z][^"]+" width="300" height="200"/);
    expect(svg).toContain('>A title</text>');
    const png = Buffer.from(draw(candles, 'png', parameters).bytes);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([300, 200]);
    const option = JSON.parse(text(candles, 'json', parameters));
    const kind = { area: 'line', histogram: 'bar' }[type as string] ?? type;
    expect(option.series[0].type).toBe(kind);
    expect(option.series[0].data.length).toBeGreaterThan(0);
    const html = text(candles, 'html', parameters);
    expect(html).toContain('<title>A title</title>');
    expect(html).not.toMatch(/(src|href)="?https?:/);
  });

  it('of many rows has no more points than its pixels need', () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => ({ y: Math.sin(i / 1000) }));
    const option = JSON.parse(text(rows, 'json', { width: 400 }));
    expect(option.series[0].data.length).toBeLessThan(3 * 400 + 3);
    expect(option.series[0].data.at(-1)[0]).toBe(100_000);
  });

  it('has nulls where there is no number', () => {
    const option = JSON.parse(text([{ y: 1 }, { y: null }, { y: 3 }], 'json'));
    expect(option.series[0].data).toEqual([
      [1, 1],
      [2, null],
      [3, 3],
    ]);
  });

  it('says which characters no font has, and draws the others', () => {
    const lost = String.fromCodePoint(0x10fffd);
    const { missingGlyphs, bytes } = draw([{ y: 1 }], 'png', { title: `Ω 5 ${lost}${lost}` });
    expect(missingGlyphs).toEqual([lost]);
    expect(bytes.length).toBeGreaterThan(1000);
    expect(draw([{ y: 1 }], 'png', { title: 'Ærlig ½ €' }).missingGlyphs).toEqual([]);
  });
});

/** Without the texts between tags. */
const tagsOf = (svg: string) => svg.replaceAll(/>[^<]*</g, '><');

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  '</text></svg><script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '"/><image href="http://example.com/x"/>',
  "' onload='alert(1)' '",
  ']]><script>alert(1)</script>',
  '\u0000\u0008\ufffe<b>',
  '{a|<img src=x onerror=alert(1)>}',
];

describe('hostile texts', () => {
  it.each(HOSTILE)('%s are text in a drawing and in a page', (hostile) => {
    const rows = [
      { [hostile]: hostile, other: hostile, y: 1 },
      { [hostile]: 'b', other: 'c', y: 2 },
    ];
    for (const type of ['bar', 'pie', 'heatmap'] as const) {
      const parameters = {
        type,
        x: hostile,
        ...(type === 'heatmap' ? { series: 'other' } : {}),
        title: hostile,
      };
      const svg = text(rows, 'svg', parameters);
      checkSvg(svg);
      expect(svg).not.toMatch(/<(script|image|img|b)[\s>]/);
      const html = text(rows, 'html', parameters);
      expect(html.match(/<script/g)).toHaveLength(3);
      // It reads XML strictly.
      expect(draw(rows, 'png', parameters).bytes.length).toBeGreaterThan(0);
    }
  });

  const value = fc.oneof(
    fc.constantFrom(...HOSTILE, 'url(#x)', 'red', 'image://x', 'path://M0 0L1 1', 'circle', '5%'),
    fc.integer({ min: 0, max: 20 }),
    fc.boolean(),
  );
  const style = fc.record(
    {
      color: value,
      fontFamily: value,
      fontWeight: value,
      borderColor: value,
      borderType: value,
      opacity: fc.double({ min: 0, max: 1 }),
      backgroundColor: value,
      shadowColor: value,
      shadowBlur: value,
    },
    { requiredKeys: [] },
  );
  const series = fc.record(
    {
      name: fc.constantFrom(...HOSTILE),
      symbol: value,
      itemStyle: style,
      lineStyle: style,
      areaStyle: style,
      label: fc.record({ show: fc.constant(true), formatter: value, color: value, fontFamily: value }),
      emphasis: fc.record({ itemStyle: style }),
      cursor: value,
      stack: value,
    },
    { requiredKeys: ['itemStyle'] },
  );

  it('of any style are left out, refused, or found before the drawing leaves', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('line', 'bar', 'scatter'),
        series,
        style,
        value,
        (type, own, textStyle, color) => {
          const chart = {
            title: { text: 'T', textStyle },
            legend: { textStyle, icon: color },
            color: [color, 'red'],
            backgroundColor: color,
            xAxis: { type: 'category', axisLabel: textStyle, axisLine: { lineStyle: textStyle } },
            yAxis: { name: String(color), nameTextStyle: textStyle },
            series: [{ type, encode: { x: 'x', y: 'y' }, ...own }],
          };
          let svg = '';
          try {
            svg = text([{ x: 'a', y: 1 }], 'svg', {}, { chart });
          } catch {
            return;
          }
          expect(tagsOf(svg)).not.toMatch(/<(script|image|img|foreignObject)[\s>]|\son\w+=|href="(?!#)/i);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the look at a finished drawing', () => {
  const wrap = (inner: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="1">${inner}</svg>`;

  it.each([
    '<path d="M0 0" fill="url(#zr1)"></path>',
    '<text style="font-family:a;">5 &gt; 4 onload="x"</text>',
    '<g clip-path="url(#a)"><use_is_not_here/></g>'.replace('<use_is_not_here/>', ''),
    '<style ><![CDATA[\n.zr:hover {\nfill:red;\n}\n]]></style>',
  ])('finds nothing in %s', (inner) => {
    expect(() => checkSvg(wrap(inner))).not.toThrow();
  });

  it.each([
    '<script>1</script>',
    '<SCRIPT>1</SCRIPT>',
    '<image href="a.png"/>',
    '<a href="#"></a>',
    '<foreignObject></foreignObject>',
    '<path onload="x"></path>',
    '<path fill=""><script>1</script>"></path>',
    '<path fill="x" onclick=alert(1)></path>',
    '<path fill="url(http://example.com/#a)"></path>',
    '<path style="fill:url( //example.com)"></path>',
    '<use xlink:href="http://example.com/#a"/>',
    '<pattern xlink:href="http://example.com/#a"></pattern>',
    '<style>@import "http://example.com"</style>',
    '<style><![CDATA[a{fill:url(//example.com)}]]></style>',
    '<set attributeName="href" to="javascript:1"/>',
    '<!DOCTYPE a>',
    '<!--',
  ])('refuses %s', (inner) => {
    expect(() => checkSvg(wrap(inner))).toThrow();
  });
});
