import { TablecastError } from '../errors.ts';
import type { ChartOption } from './chart-option.ts';
import {
  COORDINATE_SYSTEMS,
  isLeftOut,
  isPlainStyle,
  looksLikeFunction,
  MAX_COUNTS,
  MAX_DEPTH,
  PARTS,
  SERIES_TYPES,
  TEXT_KEYS,
} from './option-rules.ts';

/** One series of a cleaned option. */
export interface PublishedSeries extends ChartOption {
  readonly type: string;
  /** Its own, else made of its position. */
  readonly id: string;
}

/** An option that is safe to draw, in a page and on the server. */
export interface PublishedOption extends ChartOption {
  /** Without any, the chart is chosen from the schema. */
  readonly series: readonly PublishedSeries[];
}

/**
 * An ECharts option as published, made safe: what is no function-free, self-contained drawing is left out or refused.
 * Functions, unknown kinds of series and too deep nesting are refused, for the chart would be another one without them;
 * links, images, HTML, foreign parts, animations and style texts that could leave their attribute are left out.
 *
 * @throws TablecastError `bad_header`, naming the path within `chart`
 */
export function cleanOption(json: Readonly<Record<string, unknown>>): PublishedOption {
  const option: Record<string, unknown> = {};
  for (const [part, value] of Object.entries(json)) {
    if (PARTS.has(part) && part !== 'series') option[part] = clean(value, part, part, 1);
  }
  const given = [json.series].flat().filter((one) => one !== undefined && one !== null);
  return { ...option, series: given.map((one, i) => cleanSeries(one, `series[${i}]`, i)) };
}

function cleanSeries(json: unknown, path: string, index: number): PublishedSeries {
  if (!isObject(json)) throw refused(path, 'is no object');
  const { type = 'line', coordinateSystem = 'view' } = json;
  if (typeof type !== 'string' || !SERIES_TYPES.has(type)) {
    throw refused(`${path}.type`, `is none of ${[...SERIES_TYPES].join(', ')}`);
  }
  if (typeof coordinateSystem !== 'string' || !COORDINATE_SYSTEMS.has(coordinateSystem)) {
    throw refused(`${path}.coordinateSystem`, `is none of ${[...COORDINATE_SYSTEMS].join(', ')}`);
  }
  return {
    ...(clean(json, 'series', path, 2) as object),
    // Its ripples would go on without end.
    type: type === 'effectScatter' ? 'scatter' : type,
    id: typeof json.id === 'string' ? json.id : `series ${index}`,
  };
}

/** `undefined` for what is left out. `key` is the nearest property's, lists hand it on. */
function clean(value: unknown, key: string, path: string, depth: number): unknown {
  if (depth > MAX_DEPTH) throw refused(path, `is nested deeper than ${MAX_DEPTH} levels`);
  if (typeof value === 'string') return cleanText(value, key, path);
  if (typeof value === 'number') return Math.min(value, MAX_COUNTS.get(key) ?? value);
  if (Array.isArray(value)) {
    const items = value.map((item, i) => clean(item, key, `${path}[${i}]`, depth + 1));
    return items.filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  const cleaned: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    if (isLeftOut(name)) continue;
    const inner = key === 'encode' ? key : name;
    const result = clean(part, inner, `${path}.${name}`, depth + 1);
    if (result !== undefined) cleaned[name] = result;
  }
  return cleaned;
}

function cleanText(text: string, key: string, path: string): string | undefined {
  if (TEXT_KEYS.has(key)) return text;
  if (looksLikeFunction(text)) throw refused(path, 'is a function; a chart is plain JSON without code');
  // Tooltips and labels are text, where lines end by themselves.
  if (key === 'formatter') return text.replace(/<br\s*\/?>/gi, '\n');
  return isPlainStyle(text) ? text : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(path: string, why: string): TablecastError {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return new TablecastError('bad_header', `The header field "chart.${shown}" ${why}.`);
}
