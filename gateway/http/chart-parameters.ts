import { type ChartParameters, DEFAULT_CHART_PARAMETERS } from '../../protocol/chart/chart-parameters.ts';
import type { ChartQuery } from './schemas/chart-schemas.ts';

/** What a request asks of a chart, with what it leaves to the gateway. */
export function chartParameters({
  type,
  x,
  y,
  series,
  width,
  height,
  theme,
  title,
}: ChartQuery): ChartParameters {
  const columns = (y ?? []).filter((name) => name !== '');
  return {
    ...(type === undefined ? {} : { type }),
    ...(x === undefined ? {} : { x }),
    ...(columns.length === 0 ? {} : { y: columns }),
    ...(series === undefined ? {} : { series }),
    width: width ?? DEFAULT_CHART_PARAMETERS.width,
    height: height ?? DEFAULT_CHART_PARAMETERS.height,
    theme: theme ?? DEFAULT_CHART_PARAMETERS.theme,
    ...(title === undefined ? {} : { title }),
  };
}
