import type { DataType } from '../../../protocol/arrow/data-type.ts';
import { isNumeric, isTime } from '../../../protocol/column-label.ts';
import type { GridTexts } from '../../locales/grid-texts.ts';
import type { AggregateFunction } from '../row-view/view-spec.ts';
import {
  chosenAggregate,
  type GridState,
  type SortDirection,
  sortDirection,
  withGroup,
  withHidden,
  withPinned,
  withSort,
  withSortAlso,
  withWidth,
} from '../state/grid-state.ts';
import type { MenuItem } from './menu.ts';

export interface ColumnMenuOptions {
  readonly column: string;
  readonly type: DataType;
  readonly state: GridState;
  readonly texts: GridTexts;
  readonly canHide: boolean;
  readonly canMoveLeft: boolean;
  readonly canMoveRight: boolean;
  readonly change: (state: GridState) => void;
  readonly openFilter: () => void;
  readonly move: (by: -1 | 1) => void;
  readonly fitWidth: () => void;
  readonly selectColumn: () => void;
}

/** All that can be done with a column. */
export function columnMenuItems(options: ColumnMenuOptions): MenuItem[] {
  return [
    ...sortItems(options),
    { type: 'line' },
    { type: 'action', label: options.texts.filter, run: options.openFilter },
    ...groupItems(options),
    { type: 'line' },
    ...placeItems(options),
  ];
}

function sortItems({ column, state, texts, change }: ColumnMenuOptions): MenuItem[] {
  const now = sortDirection(state, column);
  const isOnly = state.sort.every((sort) => sort.column === column);
  const choice = (label: string, direction: SortDirection, isAlso: boolean): MenuItem => ({
    type: 'choice',
    label,
    isChosen: now === direction && isAlso !== isOnly,
    run: () => change(isAlso ? withSortAlso(state, column, direction) : withSort(state, column, direction)),
  });
  const items = [
    choice(texts.sortAscending, 'ascending', false),
    choice(texts.sortDescending, 'descending', false),
  ];
  if (!isOnly) {
    items.push(choice(texts.sortAlsoAscending, 'ascending', true));
    items.push(choice(texts.sortAlsoDescending, 'descending', true));
  }
  if (now !== null)
    items.push({
      type: 'action',
      label: texts.removeSort,
      run: () => change(withSortAlso(state, column, null)),
    });
  return items;
}

function groupItems({ column, type, state, texts, change }: ColumnMenuOptions): MenuItem[] {
  const isGrouped = state.groupBy.includes(column);
  const group: MenuItem = {
    type: 'action',
    label: isGrouped ? texts.ungroup : texts.groupBy,
    run: () => change(withGroup(state, column, !isGrouped)),
  };
  if (state.groupBy.length === 0 || isGrouped) return [group];
  const chosen = chosenAggregate(state, column) ?? (isNumeric(type) ? 'sum' : null);
  const aggregates = functionsFor(type).map(
    (fn): MenuItem => ({
      type: 'choice',
      label: texts.summarizeBy(fn),
      isChosen: chosen === fn,
      run: () => change({ ...state, aggregates: { ...state.aggregates, [column]: fn } }),
    }),
  );
  return [group, { type: 'line' }, ...aggregates];
}

function functionsFor(type: DataType): readonly AggregateFunction[] {
  if (isNumeric(type)) return ['sum', 'mean', 'min', 'max', 'count'];
  return isTime(type) ? ['min', 'max', 'count'] : ['count'];
}

function placeItems(options: ColumnMenuOptions): MenuItem[] {
  const { column, state, texts, change } = options;
  const isPinned = state.pinned.includes(column);
  const items: MenuItem[] = [];
  if (!state.groupBy.includes(column))
    items.push({
      type: 'action',
      label: isPinned ? texts.unpin : texts.pin,
      run: () => change(withPinned(state, column, !isPinned)),
    });
  if (options.canMoveLeft) items.push({ type: 'action', label: texts.moveLeft, run: () => options.move(-1) });
  if (options.canMoveRight)
    items.push({ type: 'action', label: texts.moveRight, run: () => options.move(1) });
  items.push({
    type: 'action',
    label: texts.fitWidth,
    run: () => {
      change(withWidth(state, column, null));
      options.fitWidth();
    },
  });
  items.push({ type: 'action', label: texts.selectColumn, run: options.selectColumn });
  if (options.canHide)
    items.push({ type: 'action', label: texts.hide, run: () => change(withHidden(state, column, true)) });
  return items;
}
