import type { Field } from '../../../protocol/arrow/data-type.ts';
import { columnLabel } from '../../../protocol/column-label.ts';
import type { Texts } from '../../locales/en.ts';
import type { Filter, SpecProblem } from '../row-view/view-spec.ts';
import { type GridState, nextDirection, withFilter, withGroup, withSortAlso } from '../state/grid-state.ts';

/** Something that makes the view differ from the table as it is. */
export interface ActivePart {
  readonly type: 'sort' | 'filter' | 'group' | 'hidden';
  /** Tells parts apart. */
  readonly id: string;
  readonly text: string;
  /** Whether it could not be applied. */
  readonly isProblem: boolean;
  /** The column that it is about; null for several. */
  readonly column: string | null;
  /** The choices without it. */
  readonly removed: GridState;
  /** The choices that a press on it leads to: a sort turns around; null where it opens the filter, or does nothing. */
  readonly pressed: GridState | null;
}

const ARROWS = { ascending: '↑', descending: '↓' } as const;
const LISTED_VALUES = 2;

export function activeParts(
  fields: readonly Field[],
  state: GridState,
  problems: readonly SpecProblem[],
  texts: Texts,
): ActivePart[] {
  const label = (column: string) => {
    const field = fields.find(({ name }) => name === column);
    return field === undefined ? column : columnLabel(field);
  };
  const hasProblem = (part: SpecProblem['part'], column: string) =>
    problems.some((problem) => problem.part === part && problem.column === column);
  const parts: ActivePart[] = state.groupBy.map((column) => ({
    type: 'group',
    id: `group ${column}`,
    text: texts.grid.groupedBy(label(column)),
    isProblem: hasProblem('group', column),
    column,
    removed: withGroup(state, column, false),
    pressed: null,
  }));
  for (const { column, direction } of state.sort)
    parts.push({
      type: 'sort',
      id: `sort ${column}`,
      text: `${label(column)} ${ARROWS[direction]}`,
      isProblem: hasProblem('sort', column),
      column,
      removed: withSortAlso(state, column, null),
      pressed: withSortAlso(state, column, nextDirection(direction) ?? 'ascending'),
    });
  for (const filter of state.filters)
    parts.push({
      type: 'filter',
      id: `filter ${filter.column}`,
      text: filterText(label(filter.column), filter, texts),
      isProblem: hasProblem('filter', filter.column),
      column: filter.column,
      removed: withFilter(state, filter.column, null),
      pressed: null,
    });
  const hidden = state.hidden.filter((column) => fields.some(({ name }) => name === column)).length;
  if (hidden > 0)
    parts.push({
      type: 'hidden',
      id: 'hidden',
      text: texts.grid.hiddenColumns(hidden),
      isProblem: false,
      column: null,
      removed: { ...state, hidden: [] },
      pressed: null,
    });
  return parts;
}

/** A filter in a few words: `price ≥ 10`, `region is one of EU, US, …`. */
export function filterText(label: string, filter: Filter, texts: Texts): string {
  const { conditions } = texts.grid;
  switch (filter.type) {
    case 'text':
      return `${label} ${conditions[filter.match]} “${filter.value}”`;
    case 'number':
      return `${label} ${filter.compare} ${filter.value}`;
    case 'range':
      if (filter.min === null || filter.max === null)
        return filter.min === null ? `${label} ≤ ${filter.max}` : `${label} ≥ ${filter.min}`;
      return `${label} ${filter.min} – ${filter.max}`;
    case 'set': {
      const names = filter.values.map((value) =>
        value === null ? texts.grid.noValue : value === '' ? texts.grid.emptyText : value,
      );
      const more = names.length > LISTED_VALUES ? ', …' : '';
      const condition = filter.isExcluded ? conditions['not-in'] : conditions.in;
      return `${label} ${condition} ${names.slice(0, LISTED_VALUES).join(', ')}${more}`;
    }
    case 'null':
      return `${label} ${filter.isNull ? conditions.missing : conditions.present}`;
  }
}
