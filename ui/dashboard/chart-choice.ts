import { type ChartParameters, DEFAULT_CHART_PARAMETERS } from '../../protocol/chart/chart-parameters.ts';
import type { ChartPlan } from '../../protocol/chart/chart-plan.ts';
import type { ChartSource } from '../../protocol/chart/chart-source.ts';
import { CHART_TYPES, type ChartType } from '../../protocol/chart/chart-type.ts';
import { requestedPlan } from '../../protocol/chart/requested-plan.ts';

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

export function isChosen(choice: ChartChoice): boolean {
  return Object.keys(choice).length > 0;
}

/** Null where the table's columns do not fit the choice. */
export function chosenPlan(table: ChartSource, choice: ChartChoice): ChartPlan | null {
  try {
    return requestedPlan(table, { ...DEFAULT_CHART_PARAMETERS, ...choice });
  } catch {
    return null;
  }
}

function isChartType(value: unknown): value is ChartType {
  return CHART_TYPES.some((type) => type === value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
