import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { TablecastError } from '../errors.ts';
import { CHART_LIMITS } from './chart-parameters.ts';
import { CHART_TYPES } from './chart-type.ts';

export const AGGREGATES = ['none', 'count', 'sum', 'mean', 'min', 'max'] as const;
/** What becomes of rows that have one place in a chart: all are shown, or one value that stands for them. */
export type Aggregate = (typeof AGGREGATES)[number];

/** `zero`: from zero, or to it; `fit`: as far as the values go; `log`: logarithmic, without what is not above zero. */
export const AXIS_SCALES = ['zero', 'fit', 'log'] as const;
export type AxisScale = (typeof AXIS_SCALES)[number];

const MAX_COLUMN_LENGTH = 1000;
const MAX_MEASURES = 12;

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

/**
 * A chart spec from JSON. Unknown parts are left out.
 *
 * @throws TablecastError `bad_parameter`, naming the part
 */
export function cleanSpec(json: unknown): ChartSpec {
  const picked = pick(json, specProperties, '');
  const spec: ChartSpec = {
    ...picked,
    ...('window' in picked ? { window: pick(picked.window, windowProperties, 'window') } : {}),
    ...('xAxis' in picked ? { xAxis: pick(picked.xAxis, axisProperties, 'xAxis') } : {}),
    ...('yAxis' in picked ? { yAxis: pick(picked.yAxis, axisProperties, 'yAxis') } : {}),
  };
  const { window } = spec;
  if (window !== undefined && (window.rows === undefined) === (window.seconds === undefined)) {
    throw bad('window', 'has either "rows" or "seconds"');
  }
  checkAxis('xAxis', spec.xAxis);
  checkAxis('yAxis', spec.yAxis);
  return spec;
}

/** @throws TablecastError `bad_parameter` */
export function parseSpec(text: string): ChartSpec {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TablecastError('bad_parameter', 'The chart spec is not JSON.', { cause });
  }
  return cleanSpec(json);
}

function pick(json: unknown, properties: Readonly<Record<string, TSchema>>, path: string): object {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw bad(path, 'is no object');
  const given = new Map(Object.entries(json));
  const picked: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    const value = given.get(name);
    if (value === undefined) continue;
    if (!Value.Check(schema, value)) {
      throw bad(path === '' ? name : `${path}.${name}`, 'is not what it can be');
    }
    picked[name] = value;
  }
  return picked;
}

function checkAxis(path: string, axis: AxisSpec | undefined): void {
  const { min, max, scale } = axis ?? {};
  if (min !== undefined && max !== undefined && min >= max)
    throw bad(`${path}.min`, 'is not below its "max"');
  const lowest = min ?? max;
  if (scale === 'log' && lowest !== undefined && lowest <= 0) {
    throw bad(
      `${path}.${min === undefined ? 'max' : 'min'}`,
      'is not above zero, which a logarithmic axis begins at',
    );
  }
}

function bad(path: string, why: string): TablecastError {
  const part = path === '' ? 'The chart spec' : `The chart spec's "${path}"`;
  return new TablecastError('bad_parameter', `${part} ${why}.`);
}
