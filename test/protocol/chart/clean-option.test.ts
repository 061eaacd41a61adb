import { describe, expect, it } from 'vitest';
import { cleanOption } from '../../../protocol/chart/clean-option.ts';
import { type ErrorCode, TablecastError } from '../../../protocol/errors.ts';

const line = { type: 'line', encode: { x: 'at', y: 'load' } };

function refusal(option: Record<string, unknown>): { code: ErrorCode; message: string } | null {
  try {
    cleanOption(option);
    return null;
  } catch (error) {
    if (!(error instanceof TablecastError)) throw error;
    return { code: error.code, message: error.message };
  }
}

describe('a published option', () => {
  it('keeps what a live chart shows, as pyecharts dumps it', () => {
    const option = {
      color: ['#5470c6', '#91cc75'],
      title: [{ show: true, text: 'Load <b>&</b> heat', left: 'center' }],
      legend: [{ data: ['Load'], selected: { Load: true } }],
      xAxis: [{ type: 'time', axisLabel: { formatter: '{HH}:{mm}' } }],
      yAxis: [{ scale: true, splitLine: { show: true, lineStyle: { type: 'dashed' } } }],
      series: [{ ...line, id: 'a', name: 'Load', lineStyle: { color: 'rgba(1, 2, 3, 0.5)' } }],
    };
    expect(cleanOption(option)).toEqual(option);
  });

  it('is the same when it is made safe again', () => {
    const once = cleanOption({ animation: true, toolbox: {}, series: [line, { type: 'pie', data: [1] }] });
    expect(cleanOption(once)).toEqual(once);
    expect(once.series.map(({ id }) => id)).toEqual(['series 0', 'series 1']);
  });

  it('may have no series, and has a list of none then', () => {
    expect(cleanOption({ title: {} })).toEqual({ title: {}, series: [] });
  });

  it('may have one series that is no list', () => {
    expect(cleanOption({ series: line }).series).toEqual([{ ...line, id: 'series 0' }]);
  });

  const functions: readonly [string, unknown, string][] = [
    ['as pyecharts marks it', '--x_x--0_0--function(x){return x}--x_x--0_0--', 'series[0].label.formatter'],
    ['as pyecharts quotes it', 'function (params) { return alert(1) }', 'series[0].label.formatter'],
    ['as an arrow', '(x) => x', 'series[0].label.formatter'],
    ['as a short arrow', 'x => fetch(x)', 'series[0].label.formatter'],
    ['as a constructor', 'new echarts.graphic.LinearGradient(0,0,0,1)', 'series[0].label.formatter'],
  ];

  it.each(functions)('with a function %s is refused, its path named', (_, formatter, path) => {
    const answer = refusal({ series: [{ ...line, label: { formatter } }] });
    expect(answer?.code).toBe('bad_header');
    expect(answer?.message).toContain(`chart.${path}`);
  });

  const wrong: readonly [string, Record<string, unknown>, string][] = [
    ['with series that are none', { series: [1] }, 'chart.series[0]'],
    ['of a custom kind', { series: [{ type: 'custom' }] }, 'chart.series[0].type'],
    ['of a map', { series: [line, { type: 'map' }] }, 'chart.series[1].type'],
    [
      'on a map',
      { series: [{ type: 'scatter', coordinateSystem: 'geo' }] },
      'chart.series[0].coordinateSystem',
    ],
    ['nested too deep', { series: [{ ...line, a: nested(100) }] }, 'chart.series[0].a'],
  ];

  it.each(wrong)('%s is refused, its path named', (_, option, path) => {
    expect(refusal(option)?.code).toBe('bad_header');
    expect(refusal(option)?.message).toContain(path);
  });

  it('loses what leads to HTML, elsewhere, or goes on by itself', () => {
    const cleaned = cleanOption({
      animation: true,
      toolbox: { feature: { myTool: { onclick: 'alert(1)' }, dataView: { optionToContent: 'x' } } },
      graphic: [{ type: 'image', style: { image: 'http://example.com/a.png' } }],
      dataset: { source: [[1, 2]] },
      title: { text: 'T', link: 'javascript:alert(1)', sublink: 'http://example.com', target: 'self' },
      tooltip: {
        renderMode: 'html',
        extraCssText: 'x',
        appendTo: 'body',
        className: 'y',
        formatter: '{a}<br/>{b}',
      },
      series: [
        {
          ...line,
          symbol: 'image://http://example.com/a.png',
          animationDuration: 1000,
          universalTransition: true,
          itemStyle: { color: { image: 'http://example.com/a.png', repeat: 'repeat' } },
        },
        { type: 'effectScatter', rippleEffect: { period: 1 } },
      ],
    });
    expect(cleaned).toEqual({
      title: { text: 'T', target: 'self' },
      tooltip: { formatter: '{a}\n{b}' },
      series: [
        { ...line, id: 'series 0', itemStyle: { color: { repeat: 'repeat' } } },
        { type: 'scatter', id: 'series 1' },
      ],
    });
  });

  const styles = [
    '"><script>alert(1)</script>',
    "' onload='alert(1)",
    'url(http://example.com/a.svg#b)',
    'URL (#x)',
    'javascript:alert(1)',
    'red}*{background:url(x)',
    'a;fill:url(x)',
    '&quot;',
    'data:image/png;base64,AAAA',
    'image://x',
    'expression(alert(1))',
    'a\\22 b',
  ];

  it.each(styles)('loses the style %s, and keeps the same as a name', (text) => {
    const cleaned = cleanOption({
      color: ['red', text],
      textStyle: { fontFamily: text },
      series: [{ ...line, name: text, data: [{ name: text, itemStyle: { color: text } }] }],
    });
    expect(cleaned).toEqual({
      color: ['red'],
      textStyle: {},
      series: [{ ...line, name: text, id: 'series 0', data: [{ name: text, itemStyle: {} }] }],
    });
  });

  it('loses keys that would reach prototypes', () => {
    const json = '{"series":[{"type":"line","__proto__":{"a":1},"constructor":{"prototype":{"b":1}}}]}';
    expect(JSON.stringify(cleanOption(JSON.parse(json)))).toBe(
      '{"series":[{"type":"line","id":"series 0"}]}',
    );
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  it('has no counts that would take for ever', () => {
    const cleaned = cleanOption({
      yAxis: { splitNumber: 1e9 },
      series: [{ type: 'sankey', layoutIterations: 1e9 }],
    });
    expect(cleaned.yAxis).toEqual({ splitNumber: 100 });
    expect(cleaned.series[0]!.layoutIterations).toBe(100);
  });
});

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { a: nested(depth - 1) };
}
