import { describe, expect, it } from 'vitest';
import { cleanSpec, parseSpec } from '../../../protocol/chart/chart-spec.ts';
import { codeOf } from '../../support/code-of.ts';

describe('a chart spec', () => {
  it('is plain JSON, of which unknown parts are left out', () => {
    const spec = {
      type: 'line',
      x: null,
      y: ['load', '__proto__'],
      series: '<b>',
      aggregate: 'mean',
      window: { seconds: 1.5 },
      xAxis: { label: 'Time' },
      yAxis: { scale: 'log', min: 1, max: 10 },
      title: '<script>',
    };
    expect(cleanSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
    const more = '{"type":"bar","__proto__":{"x":"a"},"formatter":"f","window":{"rows":5,"hours":2}}';
    expect(parseSpec(more)).toEqual({ type: 'bar', window: { rows: 5 } });
    expect(parseSpec('{}')).toEqual({});
  });

  it.each([
    ['no JSON', '{', 'not JSON'],
    ['a list', '[]', 'The chart spec is no object'],
    ['nothing', 'null', 'The chart spec is no object'],
    ['an unknown type', '{"type":"sunburst"}', '"type"'],
    ['a name that is none of the words, but of any object', '{"aggregate":"constructor"}', '"aggregate"'],
    ['a column that is no text', '{"x":5}', '"x"'],
    ['one column in place of a list', '{"y":"load"}', '"y"'],
    ['too many columns', JSON.stringify({ y: Array.from({ length: 13 }, () => 'a') }), '"y"'],
    ['an empty window', '{"window":{}}', '"window"'],
    ['two windows', '{"window":{"rows":5,"seconds":5}}', '"window"'],
    ['no rows', '{"window":{"rows":0}}', '"window"'],
    ['endless seconds', '{"window":{"seconds":1e999}}', '"window"'],
    ['an axis upside down', '{"yAxis":{"min":5,"max":5}}', '"yAxis.min"'],
    ['a logarithm of zero', '{"xAxis":{"scale":"log","min":0}}', '"xAxis.min"'],
    ['a title without end', JSON.stringify({ title: 'x'.repeat(201) }), '"title"'],
  ])('is refused for %s, and the part is named', (_, text, named) => {
    expect(codeOf(() => parseSpec(text))).toBe('bad_parameter');
    expect(() => parseSpec(text)).toThrow(named);
  });
});
