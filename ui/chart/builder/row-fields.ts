import { nothing, type TemplateResult } from 'lit';
import { AGGREGATES, type Aggregate } from '../../../protocol/chart/chart-spec-words.ts';
import type { FieldsInput } from './column-fields.ts';
import { type Choice, numberField, selectField } from './fields.ts';

type WindowKind = 'all' | 'rows' | 'seconds';

const DEFAULT_ROWS = 100;
const DEFAULT_SECONDS = 60;

/** Which rows a chart shows, and what becomes of those that have one place in it. */
export function rowFields(
  input: FieldsInput & {
    readonly canAggregate: boolean;
    /** Whether there are times to count seconds in. */
    readonly hasTime: boolean;
  },
): (TemplateResult | typeof nothing)[] {
  const { texts, spec, change, canAggregate, hasTime } = input;
  const { rows, seconds } = spec.window ?? {};
  const kind: WindowKind = rows !== undefined ? 'rows' : seconds !== undefined ? 'seconds' : 'all';
  const kinds: WindowKind[] = hasTime ? ['all', 'rows', 'seconds'] : ['all', 'rows'];
  return [
    canAggregate ? aggregateField(input) : nothing,
    selectField<WindowKind>({
      label: texts.window,
      choices: kinds.map((value) => ({ value, label: texts.windows[value] })),
      value: kind,
      choose: (value) => change({ window: windowOf(value) }),
    }),
    rows === undefined
      ? nothing
      : numberField({
          label: texts.rowCount,
          value: rows,
          min: 1,
          set: (value = DEFAULT_ROWS) => change({ window: { rows: Math.max(1, Math.round(value)) } }),
        }),
    seconds === undefined
      ? nothing
      : numberField({
          label: texts.secondCount,
          value: seconds,
          min: 0,
          set: (value = DEFAULT_SECONDS) => change({ window: { seconds: value } }),
        }),
  ];
}

function aggregateField({ texts, spec, change }: FieldsInput): TemplateResult {
  const isGauge = spec.type === 'gauge';
  const choices: Choice<Aggregate>[] = AGGREGATES.map((value) => ({
    value,
    label: isGauge && value === 'none' ? texts.newestValue : texts.aggregates[value],
  }));
  return selectField<Aggregate>({
    label: texts.aggregate,
    choices,
    value: spec.aggregate ?? 'none',
    choose: (value) => change({ aggregate: value === 'none' ? undefined : value }),
  });
}

function windowOf(kind: WindowKind): { rows: number } | { seconds: number } | undefined {
  switch (kind) {
    case 'all':
      return undefined;
    case 'rows':
      return { rows: DEFAULT_ROWS };
    case 'seconds':
      return { seconds: DEFAULT_SECONDS };
    default:
      return kind satisfies never;
  }
}
