import { type Static, Type } from 'typebox';
import { CHART_LIMITS } from './chart-parameters.ts';
import { AGGREGATES, AXIS_SCALES, MAX_COLUMN_LENGTH, MAX_MEASURES } from './chart-spec-words.ts';
import { CHART_TYPES } from './chart-type.ts';

const column = Type.String({ minLength: 1, maxLength: MAX_COLUMN_LENGTH });
const heading = Type.String({ maxLength: CHART_LIMITS.maxTitleLength });

const axisProperties = {
  scale: Type.Optional(Type.Enum([...AXIS_SCALES])),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  label: Type.Optional(heading),
};
const windowProperties = {
  rows: Type.Optional(Type.Integer({ minimum: 1 })),
  seconds: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
};
const specProperties = {
  type: Type.Optional(Type.Enum([...CHART_TYPES])),
  /** Null: the row number. */
  x: Type.Optional(Type.Union([column, Type.Null()])),
  /** Without any, `count` counts rows. */
  y: Type.Optional(Type.Array(column, { maxItems: MAX_MEASURES })),
  series: Type.Optional(column),
  aggregate: Type.Optional(Type.Enum([...AGGREGATES])),
  /** The newest rows, or those of the last seconds before the newest time; one of both. */
  window: Type.Optional(Type.Object(windowProperties)),
  xAxis: Type.Optional(Type.Object(axisProperties)),
  yAxis: Type.Optional(Type.Object(axisProperties)),
  title: Type.Optional(heading),
};

export const ChartSpecSchema = Type.Object(specProperties);
/** What a person chose of a chart, as plain JSON; columns by name. What is absent is chosen from the table. */
export type ChartSpec = Static<typeof ChartSpecSchema>;
export type AxisSpec = NonNullable<ChartSpec['xAxis']>;
export type ChartWindow = NonNullable<ChartSpec['window']>;
