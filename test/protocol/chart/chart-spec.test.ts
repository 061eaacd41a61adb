import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { cleanSpec, parseSpec } from '../../../protocol/chart/chart-spec.ts';
import { ChartSpecSchema } from '../../../protocol/chart/chart-spec-schema.ts';
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
    ['no rows', '{"window":{"rows":0}}', '"window.rows"'],
    ['endless seconds', '{"window":{"seconds":1e999}}', '"window.seconds"'],
    ['an axis upside down', '{"yAxis":{"min":5,"max":5}}', '"yAxis.min"'],
    ['a logarithm of zero', '{"xAxis":{"scale":"log","min":0}}', '"xAxis.min"'],
    ['a title without end', JSON.stringify({ title: 'x'.repeat(201) }), '"title"'],
  ])('is refused for %s, and the part is named', (_, text, named) => {
    expect(codeOf(() => parseSpec(text))).toBe('bad_parameter');
    expect(() => parseSpec(text)).toThrow(named);
  });

  const value = fc.oneof(
    fc.constantFrom<unknown>(
      'line',
      'pie',
      'log',
      'fit',
      'count',
      'a',
      '',
      null,
      0,
      -1,
      1,
      2.5,
      1000,
      true,
      {},
      [],
    ),
    fc.string({ maxLength: 250 }),
    fc.array(fc.constantFrom<unknown>('a', '', 1), { maxLength: 14 }),
  );
  const part = fc.oneof(
    value,
    fc.record({ scale: value, min: value, max: value, label: value }, { requiredKeys: [] }),
    fc.oneof(fc.record({ rows: value }), fc.record({ seconds: value })),
  );
  const names = ['type', 'x', 'y', 'series', 'aggregate', 'window', 'xAxis', 'yAxis', 'title', 'more'];

  it('is what the schema says, whatever comes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), part, { maxKeys: 2 }), (json) => {
        const code = codeOf(() => cleanSpec(json));
        if (!Value.Check(ChartSpecSchema, json)) expect(code).toBe('bad_parameter');
        else if (code === null) expect(Value.Check(ChartSpecSchema, cleanSpec(json))).toBe(true);
        // The schema has no words for how parts go together.
        else expect(() => cleanSpec(json)).toThrow(/has either|is not below|is not above/);
      }),
      { numRuns: 2000 },
    );
  });
});
