import { type Field, typeName } from '../../../protocol/arrow/data-type.ts';
import { columnLabel, columnUnit, isNumeric } from '../../../protocol/column-label.ts';
import { shownType } from '../cells/time-text.ts';
import type { AggregateFunction } from '../row-view/view-spec.ts';
import type { SortDirection, TimeZoneChoice } from '../state/grid-state.ts';
import { setAttribute } from '../surface/set-attribute.ts';

/** What a header tells beside its column's label. */
export interface HeaderMarks {
  readonly sort: SortDirection | null;
  /** Its place among the columns sorted by, from 0. */
  readonly sortPlace: number;
  readonly sortCount: number;
  readonly isFiltered: boolean;
  /** How grouped rows are summed up; null where they are not. */
  readonly aggregate: AggregateFunction | null;
  readonly timeZone: TimeZoneChoice;
}

export interface ColumnHeader {
  readonly element: HTMLTableCellElement;
  update(marks: HeaderMarks): void;
}

/** A column's header: label and unit above, the type in small below, a button for its menu and an edge to pull. */
export function createColumnHeader(field: Field, menuLabel: string): ColumnHeader {
  const element = document.createElement('th');
  const label = columnLabel(field);
  const unit = columnUnit(field);
  element.setAttribute('role', 'columnheader');
  element.setAttribute('aria-label', unit === null ? label : `${label} ${unit}`);
  element.classList.toggle('is-number', isNumeric(field.type));
  const content = part('div', 'grid-head');
  const top = part('span', 'grid-head-label');
  top.append(label);
  if (unit !== null) top.append(' ', part('span', 'grid-head-unit', unit));
  const type = part('span', 'grid-head-type');
  content.append(top, ' ', type);
  if (label !== field.name) content.title = field.name;
  const button = part('button', 'grid-head-menu');
  button.type = 'button';
  button.tabIndex = -1;
  setAttribute(button, 'aria-label', menuLabel);
  setAttribute(button, 'aria-haspopup', 'menu');
  setAttribute(button, 'aria-keyshortcuts', 'Alt+ArrowDown');
  element.append(content, button, part('span', 'grid-head-edge'));
  return {
    element,
    update(marks) {
      const isFirst = marks.sort !== null && marks.sortPlace === 0;
      setAttribute(element, 'aria-sort', isFirst ? marks.sort : 'none');
      setAttribute(element, 'data-sort', marks.sort);
      const hasPlace = marks.sort !== null && marks.sortCount > 1;
      setAttribute(top, 'data-place', hasPlace ? ` ${marks.sortPlace + 1}` : '');
      element.classList.toggle('is-filtered', marks.isFiltered);
      const name = typeName(shownType(field.type, marks.timeZone));
      const text = marks.aggregate === null ? name : `${marks.aggregate} · ${name}`;
      if (type.textContent !== text) type.textContent = text;
      setAttribute(element, 'aria-description', text);
    },
  };
}

/** The header above row numbers. */
export function createNumbersHeader(label: string): HTMLTableCellElement {
  const element = document.createElement('th');
  element.className = 'is-row-number';
  element.setAttribute('role', 'columnheader');
  element.setAttribute('aria-label', label);
  element.append(part('div', 'grid-head', '#'));
  return element;
}

function part<Tag extends 'div' | 'span' | 'button'>(
  tag: Tag,
  className: string,
  text = '',
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
