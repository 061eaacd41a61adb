import { isNumeric } from '../column-label.ts';
import { TablecastError } from '../errors.ts';
import type { ChartPlan } from './chart-plan.ts';
import type { ChartSource } from './chart-source.ts';
import type { ChartSpec } from './chart-spec.ts';
import type { ChartType } from './chart-type.ts';
import { isFlat } from './requested-plan.ts';
import { specPlan } from './spec-picture.ts';

/** The columns of a plan by name; without `y` where it counts rows. */
export function columnsSpec({ type, x, y, series }: ChartPlan, { fields }: ChartSource): ChartSpec {
  return {
    type,
    ...(type === 'gauge' ? {} : { x: x === null ? null : fields[x]!.name }),
    ...(type === 'histogram' ? {} : { y: y.flatMap((column) => fields[column]?.name ?? []) }),
    ...(series === null ? {} : { series: fields[series]!.name }),
  };
}

/**
 * The spec as another type of chart, with as much of its columns as that takes; null where the table has nothing that this
 * type could show.
 */
export function specForType(table: ChartSource, spec: ChartSpec, type: ChartType): ChartSpec | null {
  const { x, y = [], series, ...others } = spec;
  const one = y.slice(0, 1);
  const alongX = x === undefined ? {} : { x };
  const bySeries = series === undefined ? {} : { series };
  const attempts: ChartSpec[] = [
    { ...alongX, y, ...bySeries },
    { ...alongX, y },
    { ...alongX, y: one, ...bySeries },
    { ...alongX, y: one },
    ...y.map((name) => ({ x: name })),
    { y: one },
    {},
    ...(type === 'heatmap' ? heatmaps(table, spec) : []),
    ...(type === 'candlestick' ? [{ ...alongX, y: fourNumbers(table, x) }, { y: fourNumbers(table) }] : []),
  ];
  for (const attempt of attempts) {
    const plan = planOf(table, { ...others, ...attempt, type });
    if (plan !== null) return { ...others, ...columnsSpec(plan, table) };
  }
  return null;
}

function planOf(table: ChartSource, spec: ChartSpec): ChartPlan | null {
  try {
    return specPlan(table, spec);
  } catch (error) {
    if (error instanceof TablecastError) return null;
    throw error;
  }
}

function fourNumbers({ fields }: ChartSource, x?: string | null): string[] {
  const names = fields.filter(({ name, type }) => isNumeric(type) && name !== x).map(({ name }) => name);
  return names.slice(0, 4);
}

/** Any two columns that names can be made of, and a number. */
function heatmaps({ fields }: ChartSource, { x, y = [] }: ChartSpec): ChartSpec[] {
  const taken = fields.filter((field) => isFlat(field) && !y.includes(field.name)).map(({ name }) => name);
  const along = typeof x === 'string' ? [x, ...taken] : taken;
  return along.slice(0, 2).flatMap((name) =>
    taken
      .filter((other) => other !== name)
      .slice(0, 2)
      .map((series) => ({ x: name, y: y.slice(0, 1), series })),
  );
}
