import type { Field } from '../../../protocol/arrow/data-type.ts';
import { isNumeric } from '../../../protocol/column-label.ts';
import type { Aggregate, ViewSpec } from '../row-view/view-spec.ts';
import { chosenAggregate, type GridState } from './grid-state.ts';

/** A column as the viewer sees it. */
export interface GridColumn {
  /** Its place in the table's fields. */
  readonly index: number;
  readonly field: Field;
  readonly isNumber: boolean;
  readonly isPinned: boolean;
}

/** All columns of the table in the viewer's order, hidden ones included. */
export function columnNames(fields: readonly Field[], state: GridState): readonly string[] {
  const names = fields.map((field) => field.name);
  const known = new Set(names);
  const ordered = state.order.filter((name) => known.has(name));
  const named = new Set(ordered);
  return [...ordered, ...names.filter((name) => !named.has(name))];
}

/** The columns that are shown: group columns first, then pinned ones, then the others. */
export function gridColumns(fields: readonly Field[], state: GridState): readonly GridColumn[] {
  const indexes = new Map(fields.map((field, index) => [field.name, index]));
  const grouped = state.groupBy.filter((name) => indexes.has(name));
  const first = new Set(grouped);
  const hidden = new Set(state.hidden);
  const pinned = new Set([...state.pinned, ...grouped]);
  const shown = columnNames(fields, state).filter((name) => !hidden.has(name) && !first.has(name));
  const others = [...shown.filter((name) => pinned.has(name)), ...shown.filter((name) => !pinned.has(name))];
  return [...grouped, ...others].map((name) => {
    const index = indexes.get(name)!;
    const field = fields[index]!;
    return { index, field, isNumber: isNumeric(field.type), isPinned: pinned.has(name) };
  });
}

/** What grouped rows show for a column: numbers their sum where the viewer chose nothing else, others nothing. */
export function aggregatesOf(fields: readonly Field[], state: GridState): readonly Aggregate[] {
  return fields.flatMap((field) => {
    const fn = chosenAggregate(state, field.name) ?? (isNumeric(field.type) ? 'sum' : null);
    return fn === null || state.groupBy.includes(field.name) ? [] : [{ column: field.name, fn }];
  });
}

/** What the row view is to show for the viewer's choices. */
export function viewSpec(fields: readonly Field[], state: GridState): ViewSpec {
  const hidden = new Set(state.hidden);
  const names = fields.map((field) => field.name);
  const groupBy = state.groupBy.filter((name) => names.includes(name));
  return {
    sort: state.sort,
    filters: state.filters,
    search: state.search,
    searchColumns: hidden.size === 0 ? null : names.filter((name) => !hidden.has(name)),
    group:
      groupBy.length === 0
        ? null
        : { by: groupBy, aggregates: aggregatesOf(fields, state), expanded: new Set(state.expanded) },
  };
}
