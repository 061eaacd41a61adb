import { planChart } from '../../../protocol/chart/chart-plan.ts';
import type { ChartSource } from '../../../protocol/chart/chart-source.ts';
import { type ChartSpec, cleanSpec, parseSpec } from '../../../protocol/chart/chart-spec.ts';
import { columnsSpec, specForType } from '../../../protocol/chart/spec-for-type.ts';
import { specPlan } from '../../../protocol/chart/spec-picture.ts';
import { TablecastError } from '../../../protocol/errors.ts';

/** A change of a spec; `undefined` takes the part out. */
export type SpecChange = { readonly [Part in keyof ChartSpec]: ChartSpec[Part] | undefined };

/** What a form begins with: the spec of this text, else the table's own chart; `isOwn` says which. */
export function currentSpec(
  table: ChartSource,
  text: string | null,
): { readonly spec: ChartSpec; readonly isOwn: boolean } {
  const given = text === null ? null : fittingSpec(table, text);
  if (given !== null) return { spec: given, isOwn: false };
  const plan = planChart(table, null);
  return { spec: plan === null ? {} : columnsSpec(plan, table), isOwn: true };
}

/**
 * The spec after a change, whose columns go together again, and without empty parts.
 *
 * @throws TablecastError `bad_parameter` where a part is not what it can be
 */
export function changedSpec(table: ChartSource, spec: ChartSpec, change: SpecChange): ChartSpec {
  const changed = cleanSpec(withoutEmpty({ ...spec, ...change }));
  const type = changed.type ?? specPlan(table, changed).type;
  if (change.type !== undefined) return specForType(table, changed, type) ?? changed;
  const columns = columnsOf(table, { ...changed, type });
  return columns === null ? (specForType(table, changed, type) ?? changed) : { ...changed, ...columns };
}

/** Null where they do not go together. */
function columnsOf(table: ChartSource, spec: ChartSpec): ChartSpec | null {
  try {
    return columnsSpec(specPlan(table, spec), table);
  } catch (error) {
    if (error instanceof TablecastError) return null;
    throw error;
  }
}

function fittingSpec(table: ChartSource, text: string): ChartSpec | null {
  try {
    const spec = parseSpec(text);
    return { ...spec, ...columnsSpec(specPlan(table, spec), table) };
  } catch (error) {
    if (error instanceof TablecastError) return null;
    throw error;
  }
}

function withoutEmpty(value: object): object {
  const entries = Object.entries(value).flatMap(([name, part]): [string, unknown][] => {
    if (part === undefined || part === '') return [];
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return [[name, part]];
    const inner = withoutEmpty(part);
    return Object.keys(inner).length === 0 ? [] : [[name, inner]];
  });
  return Object.fromEntries(entries);
}
