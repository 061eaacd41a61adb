import { describe, expect, it } from 'vitest';
import { chartParameters } from '../../gateway/http/chart-parameters.ts';
import { compileParameters, type GivenParameters } from '../../gateway/http/parameter-validator.ts';
import { chartSchema } from '../../gateway/http/schemas/chart-schemas.ts';
import { publishHeaders, publishSchema } from '../../gateway/http/schemas/publish-schemas.ts';
import { rowsSchema } from '../../gateway/http/schemas/read-schemas.ts';
import { getUpdateSchema } from '../../gateway/http/schemas/update-data-schemas.ts';
import { codeOf } from '../support/code-of.ts';

const readers: Readonly<Record<string, (given: GivenParameters) => unknown>> = {
  rows: compileParameters(rowsSchema('json').querystring, 'parameter'),
  chart: compileParameters(chartSchema('svg').querystring, 'parameter'),
  publish: compileParameters(publishSchema.querystring, 'parameter'),
  update: compileParameters(getUpdateSchema.querystring, 'parameter'),
  name: compileParameters(publishSchema.params, 'parameter'),
  header: compileParameters(publishHeaders, 'header'),
};
const read = (reader: string, given: GivenParameters) => readers[reader]!(given);
const text = (length: number) => 'x'.repeat(length);

describe('parameters', () => {
  it.each<[string, GivenParameters, unknown]>([
    ['rows', {}, {}],
    [
      'rows',
      { limit: '0', offset: '007', since: '9007199254740991' },
      { limit: 0, offset: 7, since: 2 ** 53 - 1 },
    ],
    ['rows', { columns: 'a,b', epoch: '' }, { columns: ['a', 'b'], epoch: '' }],
    ['rows', { columns: ['a,b', '', 'c'] }, { columns: ['a', 'b', '', 'c'] }],
    [
      'publish',
      { op: 'upsert', key: 'a,b', commit: 'hold' },
      { op: 'upsert', key: ['a', 'b'], commit: 'hold' },
    ],
    ['publish', {}, {}],
    ['update', { table: 'a' }, { table: ['a'] }],
    ['update', { table: ['a', '価格'], wait: 'rendered' }, { table: ['a', '価格'], wait: 'rendered' }],
    ['name', { name: '価格.v2' }, { name: '価格.v2' }],
    ['header', { 'idempotency-key': text(256), host: 'x' }, { 'Idempotency-Key': text(256) }],
  ])('of %s are read as what they are: %j', (reader, given, value) => {
    expect(read(reader, given)).toEqual(value);
  });

  it.each<[string, string, string | string[], string, RegExp]>([
    ...['-1', '1.5', '1e3', '0x10', ' 1', '', '٣', '9007199254740993', '99999999999999999999'].map(
      (value): [string, string, string, string, RegExp] => [
        'rows',
        'limit',
        value,
        'bad_parameter',
        new RegExp(
          `"limit" is a whole number from 0 to 9007199254740991, not "${value.replace('.', '\\.')}"`,
        ),
      ],
    ),
    ['rows', 'limit', ['1', '1'], 'bad_parameter', /"limit" is given more than once/],
    [
      'rows',
      'ofset',
      '2',
      'bad_parameter',
      /no parameter "ofset" here; this route takes columns, limit, offset/,
    ],
    ['rows', 'constructor', '2', 'bad_parameter', /no parameter "constructor"/],
    ['publish', 'commit', 'later', 'bad_parameter', /"commit" is "auto" or "hold", not "later"/],
    ['publish', 'op', 'merge', 'unknown_op', /"merge" is none of replace/],
    ['publish', 'op', ['append', 'append'], 'bad_parameter', /"op" is given more than once/],
    ['publish', 'key', 'a,b,a', 'bad_parameter', /"key" .*each once, not \["a","b","a"\]/],
    ['publish', 'key', Array.from({ length: 33 }, (_, i) => `k${i}`), 'bad_parameter', /"key" .*at most 32/],
    ['update', 'table', ['a', '$b'], 'bad_name', /"\$b" begins with/],
    ['update', 'table', '', 'bad_name', /empty/],
    ['update', 'timeout_ms', '60001', 'bad_parameter', /from 0 to 60000, not "60001"/],
    ['name', 'name', '価'.repeat(43), 'bad_name', /128 bytes/],
    ['name', 'name', 'a.csv', 'bad_name', /ends in/],
    ['header', 'idempotency-key', '', 'bad_parameter', /Idempotency-Key has 1 to 256 characters, not 0/],
    ['header', 'idempotency-key', text(257), 'bad_parameter', /not 257/],
    ['chart', 'type', 'map', 'bad_parameter', /"type" is one of line, .*, not "map"/],
    ['chart', 'type', '', 'bad_parameter', /"type"/],
    ['chart', 'width', '99', 'bad_parameter', /"width" is a whole number from 100 to 4000, not "99"/],
    ['chart', 'height', '4001', 'bad_parameter', /"height"/],
    ['chart', 'theme', 'blue', 'bad_parameter', /"theme" is "light" or "dark"/],
    ['chart', 'title', text(201), 'bad_parameter', /"title" has 0 to 200 characters, not 201/],
    ['chart', 'x', ['a', 'b'], 'bad_parameter', /"x" is given more than once/],
  ])('of %s with %s=%j are refused as %s', (reader, name, value, code, detail) => {
    expect(codeOf(() => read(reader, { [name]: value }))).toBe(code);
    expect(() => read(reader, { [name]: value })).toThrow(detail);
  });

  it('of a chart are what it is drawn with, y by commas too', () => {
    const drawn = (given: GivenParameters) =>
      chartParameters(read('chart', given) as Parameters<typeof chartParameters>[0]);
    expect(drawn({})).toEqual({ width: 800, height: 400, theme: 'light' });
    expect(drawn({ type: 'bar', y: ['a,b', '', 'c'], width: '4000', height: '100', theme: 'dark' })).toEqual({
      type: 'bar',
      y: ['a', 'b', 'c'],
      width: 4000,
      height: 100,
      theme: 'dark',
    });
  });
});
