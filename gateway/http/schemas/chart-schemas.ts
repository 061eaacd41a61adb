import { type Static, Type } from 'typebox';
import { CHART_LIMITS, DEFAULT_CHART_PARAMETERS } from '../../../protocol/chart/chart-parameters.ts';
import { CHART_TYPES } from '../../../protocol/chart/chart-type.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { ChartFormat } from '../../charts/chart-renderer.ts';
import {
  type Answer,
  answer,
  bytes,
  emptyAnswer,
  jsonAnswer,
  readingAnswers,
  withHeaders,
} from './answers.ts';
import { choice, columnNames, onlyParameters, tableParams, text, wholeNumber } from './parameter-schemas.ts';
import { TO_READ } from './rights.ts';
import { conditionalHeaders, stateHeaders, versionHeaders } from './table-schemas.ts';

const { minPixels, maxPixels, maxTitleLength } = CHART_LIMITS;
const { width, height, theme } = DEFAULT_CHART_PARAMETERS;
const pixels = { minimum: minPixels, maximum: maxPixels };

/** What a reader may choose of a chart. */
export const chartProperties = {
  type: choice(
    CHART_TYPES,
    "The kind of chart; without it the published one, or one chosen from the table's columns.",
  ),
  x: text('The column along x.'),
  y: columnNames('The columns shown'),
  series: text('The column whose values make a line, bar or colour each.'),
  width: wholeNumber('Pixels.', { ...pixels, default: width }),
  height: wholeNumber('Pixels.', { ...pixels, default: height }),
  theme: choice(['light', 'dark'], 'The colours.', { default: theme }),
  title: text('A heading in place of the published one.', { maxLength: maxTitleLength }),
};
const querystring = onlyParameters(chartProperties);
export type ChartQuery = Static<typeof querystring>;

const PICTURES: Readonly<Record<ChartFormat, { readonly summary: string; readonly answer: Answer }>> = {
  json: {
    summary: "A table's chart as an ECharts option with its data",
    answer: jsonAnswer('The option.', Type.Record(Type.String(), Type.Unknown()), stateHeaders),
  },
  svg: {
    summary: "A table's chart as a picture, SVG",
    answer: answer('The picture.', 'image/svg+xml', Type.String(), stateHeaders),
  },
  png: {
    summary: "A table's chart as a picture, PNG",
    answer: answer('The picture.', 'image/png', bytes(), {
      ...stateHeaders,
      'Tablecast-Missing-Glyphs': Type.String({
        description: 'Characters that no font of the gateway has, percent-encoded.',
      }),
    }),
  },
  html: {
    summary: "A table's chart as one interactive page that needs no network",
    answer: answer('The page.', 'text/html', Type.String(), stateHeaders),
  },
};

const CHART_CODES: readonly ErrorCode[] = [
  'bad_parameter',
  'bad_name',
  'no_such_table',
  'no_chart',
  'chart_failed',
  'charts_busy',
  'shutting_down',
];

/** `/tables/NAME/chart.json` and its siblings. */
export function chartSchema(format: ChartFormat) {
  const { summary, answer: taken } = PICTURES[format];
  return {
    tags: ['charts'],
    security: TO_READ,
    operationId: `drawChartAs${format[0]!.toUpperCase()}${format.slice(1)}`,
    summary,
    params: tableParams,
    querystring,
    headers: conditionalHeaders,
    response: withHeaders(
      readingAnswers({ 200: taken, 304: emptyAnswer('Nothing has changed.', stateHeaders) }, CHART_CODES),
      // The table was there; what was asked for could not be drawn.
      [400, 422, 503],
      versionHeaders,
    ),
  };
}
