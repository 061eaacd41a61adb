import { TablecastError } from '../errors.ts';
import { CHART_LIMITS } from './chart-parameters.ts';
import type { AxisSpec, ChartSpec } from './chart-spec-schema.ts';
import { AGGREGATES, AXIS_SCALES, MAX_COLUMN_LENGTH, MAX_MEASURES } from './chart-spec-words.ts';
import { CHART_TYPES } from './chart-type.ts';

export type { AxisSpec, ChartSpec, ChartWindow } from './chart-spec-schema.ts';

/** Whether a value is what the schema has under that name. Written out, for the schema's library is large. */
type Parts = Readonly<Record<string, (value: unknown) => boolean>>;

const AXIS_PARTS: Parts = {
  scale: isOneOf(AXIS_SCALES),
  min: isNumber,
  max: isNumber,
  label: isHeading,
};
const WINDOW_PARTS: Parts = {
  rows: (value) => Number.isInteger(value) && Number(value) >= 1,
  seconds: (value) => isNumber(value) && Number(value) > 0,
};
const SPEC_PARTS: Parts = {
  type: isOneOf(CHART_TYPES),
  x: (value) => value === null || isColumn(value),
  y: (value) => Array.isArray(value) && value.length <= MAX_MEASURES && value.every(isColumn),
  series: isColumn,
  aggregate: isOneOf(AGGREGATES),
  window: isObject,
  xAxis: isObject,
  yAxis: isObject,
  title: isHeading,
};

/**
 * A chart spec from JSON. Unknown parts are left out.
 *
 * @throws TablecastError `bad_parameter`, naming the part
 */
export function cleanSpec(json: unknown): ChartSpec {
  const picked = pick(json, SPEC_PARTS, '');
  const spec: ChartSpec = {
    ...picked,
    ...('window' in picked ? { window: pick(picked.window, WINDOW_PARTS, 'window') } : {}),
    ...('xAxis' in picked ? { xAxis: pick(picked.xAxis, AXIS_PARTS, 'xAxis') } : {}),
    ...('yAxis' in picked ? { yAxis: pick(picked.yAxis, AXIS_PARTS, 'yAxis') } : {}),
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

function pick(json: unknown, parts: Parts, path: string): object {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw bad(path, 'is no object');
  const given = new Map(Object.entries(json));
  const picked: Record<string, unknown> = {};
  for (const [name, fits] of Object.entries(parts)) {
    const value = given.get(name);
    if (value === undefined) continue;
    if (!fits(value)) {
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

function isOneOf(words: readonly string[]): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && words.includes(value);
}

function isColumn(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= MAX_COLUMN_LENGTH;
}

function isHeading(value: unknown): boolean {
  return typeof value === 'string' && value.length <= CHART_LIMITS.maxTitleLength;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
