import type { ChartParameters } from '../../protocol/chart/chart-parameters.ts';
import { type ChartSpec, cleanSpec } from '../../protocol/chart/chart-spec.ts';
import { CHART_TYPES, type ChartType } from '../../protocol/chart/chart-type.ts';
import type { Panel } from '../../protocol/dashboard/dashboard.ts';

/** What a panel's chart shows, as far as it is chosen; columns by name. */
export type ChartChoice = Pick<ChartParameters, 'type' | 'x' | 'y' | 'series'>;

/** What of a panel's settings is understood. */
export function parseChartChoice(chart: Panel['chart']): ChartChoice {
  const { type, x, y, series } = chart ?? {};
  const names = Array.isArray(y) ? y.filter(isText) : [];
  return {
    ...(isChartType(type) ? { type } : {}),
    ...(isText(x) ? { x } : {}),
    ...(names.length > 0 ? { y: names } : {}),
    ...(isText(series) ? { series } : {}),
  };
}

/** The chart spec of a panel's settings, as JSON; null where they choose nothing. */
export function panelSpec(chart: Panel['chart']): string | null {
  const spec = understood(chart);
  return Object.keys(spec).length === 0 ? null : JSON.stringify(spec);
}

function understood(chart: Panel['chart']): ChartSpec {
  try {
    return cleanSpec(chart ?? {});
  } catch {
    const { y, ...choice } = parseChartChoice(chart);
    return { ...choice, ...(y === undefined ? {} : { y: [...y] }) };
  }
}

function isChartType(value: unknown): value is ChartType {
  return CHART_TYPES.some((type) => type === value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
