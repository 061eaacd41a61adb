import { describe, expect, it } from 'vitest';
import { chartTexts } from '../../../protocol/chart/chart-texts.ts';
import { CHART_THEMES } from '../../../protocol/chart/chart-theme.ts';
import { cleanOption } from '../../../protocol/chart/clean-option.ts';
import { publishedColumns } from '../../../protocol/chart/published-columns.ts';
import { publishedPicture } from '../../../protocol/chart/published-picture.ts';
import { fakeTable, float, time, utf8 } from '../../ui/fake-table.ts';

const table = fakeTable([
  { name: 'at', type: time, values: [1000, 2000] },
  { name: 'city', type: utf8, values: ['Oslo', null] },
  { name: 'heat', type: float, values: [4.5, null] },
]);

function picture(option: Record<string, unknown>) {
  return publishedPicture({
    table,
    option: cleanOption(option),
    theme: CHART_THEMES.dark,
    texts: chartTexts,
  });
}

describe('a published chart', () => {
  it('has the columns that its series name as dataset, numbers and times as floats', () => {
    const { data, frame, seriesIds } = picture({
      series: [{ type: 'line', id: 'a', encode: { x: 'at', y: ['heat'] } }],
    });
    expect(data).toEqual({
      dataset: {
        dimensions: ['at', 'heat'],
        source: { at: Float64Array.of(1000, 2000), heat: Float64Array.of(4.5, Number.NaN) },
      },
    });
    expect((frame.xAxis as { type: string }[]).map(({ type }) => type)).toEqual(['time']);
    expect(seriesIds).toBe('["a"]');
  });

  it('takes names from a text column where its own list of names is empty', () => {
    const { data, frame } = picture({
      xAxis: [{ data: [] }],
      yAxis: [{}],
      series: [{ type: 'bar', data: [], encode: { x: 'city', y: 'heat' } }],
    });
    const [axis] = frame.xAxis as Record<string, unknown>[];
    expect([axis!.type, 'data' in axis!]).toEqual(['category', false]);
    expect(data.dataset).toMatchObject({ source: { city: ['Oslo', null] } });
  });

  it('writes times out along an axis of names', () => {
    const { data } = picture({
      xAxis: { type: 'category' },
      series: [{ type: 'bar', encode: { x: 'at', y: 'heat' } }],
    });
    expect(data.dataset).toMatchObject({ source: { at: ['1000', '2000'] } });
  });

  it('keeps the data of series that bring their own', () => {
    const { data, frame } = picture({ xAxis: { data: ['a'] }, series: [{ type: 'bar', data: [7] }] });
    expect(data).toEqual({});
    expect(frame.series).toEqual([{ type: 'bar', data: [7], id: 'series 0' }]);
    expect(frame.xAxis).toMatchObject([{ type: 'category', data: ['a'] }]);
  });

  it('has the page’s colours where the option leaves them open, and its tooltip is text', () => {
    const { frame } = picture({
      title: { text: 'Heat', textStyle: { color: 'red' } },
      tooltip: { trigger: 'item', renderMode: 'html' },
      legend: {},
      series: [{ type: 'line', encode: { x: 'at', y: 'heat' } }],
    });
    expect(frame).toMatchObject({
      animation: false,
      color: CHART_THEMES.dark.colors,
      title: { textStyle: { color: 'red' } },
      legend: { textStyle: { color: CHART_THEMES.dark.text } },
      tooltip: { trigger: 'item', renderMode: 'richText' },
    });
  });

  it('says what it shows and which columns are not there', () => {
    const option = {
      title: [{ text: 'Heat' }],
      series: [
        { type: 'line', encode: { x: 'at', y: 'heat' } },
        { type: 'bar', encode: { x: 'at', y: 'rain' } },
      ],
    };
    expect(picture(option).label).toBe('Published line, bar chart: Heat, the table has no column “rain”');
  });

  it.each([
    ['a column that is there', { encode: { x: 'at', y: 'heat' } }, [0, 2], true],
    ['one of two', { encode: { x: 'at', y: 'gone' } }, [0], true],
    ['none that is there', { encode: { x: 'gone', y: 'lost' } }, [], false],
    ['columns by position', { encode: { x: 0, y: 2 } }, [0, 1, 2], true],
    ['whatever comes', {}, [0, 1, 2], true],
    ['its own data', { data: [1], encode: { y: 'gone' } }, [], true],
  ])('can be drawn or not, where a series names %s', (_, series, columns, isDrawable) => {
    const option = cleanOption({ series: [{ type: 'line', ...series }] });
    expect(publishedColumns(option, table.fields)).toMatchObject({ columns, isDrawable });
  });
});
