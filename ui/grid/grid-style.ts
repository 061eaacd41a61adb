import type { RegularTableElement } from 'regular-table/dist/esm/regular-table.js';
import { isNumeric } from '../column-label.ts';
import type { TableReader } from '../table-reader.ts';
import type { Change } from './cell-changes.ts';
import { type Cell, isInside, type Rectangle, rectangle } from './cell-selection.ts';
import { headerColumn } from './regular-table-host.ts';
import type { Sort } from './row-order.ts';

/** What a cell on screen is, beside its text. */
export interface CellLook {
  /** Row and column of the view. */
  readonly row: number;
  readonly column: number;
  readonly isNull: boolean;
  /** The whole text, where the cell shows less. */
  readonly title: string | null;
  /** Null where nothing is to flash. */
  readonly change: Change | null;
}

const CHANGES: readonly Change[] = ['up', 'down', 'other'];

export interface GridStyle {
  readonly table: TableReader;
  readonly sort: Sort | null;
  /** Alternates, so that the same flash can begin anew. */
  readonly flashPhase: 0 | 1;
}

/** Gives all that is drawn its roles, positions and looks. */
export function styleGrid(element: RegularTableElement, style: GridStyle): void {
  setAttribute(element.querySelector('table')!, 'role', 'presentation');
  for (const part of element.querySelectorAll('thead, tbody')) setAttribute(part, 'role', 'rowgroup');
  for (const th of element.querySelectorAll<HTMLElement>('thead th')) {
    const column = headerColumn(element, th);
    if (column !== undefined) styleHeaderCell(th, column, style.table, style.sort);
  }
  for (const tr of element.querySelectorAll<HTMLElement>('tr')) styleRow(element, tr, style);
}

export interface GridSelection {
  readonly active: Cell | null;
  readonly anchor: Cell | null;
  /** Of the active cell, while it is on screen. */
  readonly cellId: string;
}

/** Marks the active cell and the selection, and names the active cell to assistive technology. */
export function styleGridSelection(
  element: RegularTableElement,
  { active, anchor, cellId }: GridSelection,
): void {
  const area = active === null || anchor === null || active.row < 0 ? null : rectangle(active, anchor);
  let isShown = false;
  for (const th of element.querySelectorAll<HTMLElement>('thead th')) {
    const column = headerColumn(element, th) ?? -1;
    isShown = styleSelection(th, { row: -1, column }, active, area, cellId) || isShown;
  }
  for (const td of element.querySelectorAll<HTMLElement>('tbody td')) {
    const look = lookOf(element, td);
    if (look !== undefined) isShown = styleSelection(td, look, active, area, cellId) || isShown;
  }
  if (isShown) setAttribute(element, 'aria-activedescendant', cellId);
  else element.removeAttribute('aria-activedescendant');
}

function styleRow(element: RegularTableElement, tr: HTMLElement, { table, flashPhase }: GridStyle): void {
  setAttribute(tr, 'role', 'row');
  let row = -1;
  for (const td of tr.querySelectorAll<HTMLElement>('td')) {
    const look = lookOf(element, td);
    if (look === undefined) continue;
    row = look.row;
    styleBodyCell(td, look, isNumeric(table.fields[look.column]?.type ?? { kind: 'null' }), flashPhase);
  }
  setAttribute(tr, 'aria-rowindex', String(row + 2));
}

function lookOf(element: RegularTableElement, td: HTMLElement): CellLook | undefined {
  const meta = element.getMeta(td);
  return meta?.type === 'body' ? (meta.user as CellLook | undefined) : undefined;
}

/** Gives a header cell its role and state. */
function styleHeaderCell(th: HTMLElement, column: number, table: TableReader, sort: Sort | null): void {
  const field = table.fields[column];
  setAttribute(th, 'role', 'columnheader');
  setAttribute(th, 'aria-colindex', String(column + 1));
  setAttribute(th, 'aria-sort', sort?.column === column ? sort.direction : 'none');
  th.classList.toggle('is-number', field !== undefined && isNumeric(field.type));
}

/** Gives a body cell its role, classes and title. `flashPhase` alternates, so that the same flash can begin anew. */
function styleBodyCell(td: HTMLElement, look: CellLook, isNumber: boolean, flashPhase: 0 | 1): void {
  setAttribute(td, 'role', 'gridcell');
  setAttribute(td, 'aria-colindex', String(look.column + 1));
  td.classList.toggle('is-number', isNumber);
  td.classList.toggle('is-null', look.isNull);
  for (const change of CHANGES) td.classList.toggle(`flash-${change}`, look.change === change);
  td.classList.toggle('flash-even', look.change !== null && flashPhase === 0);
  td.classList.toggle('flash-odd', look.change !== null && flashPhase === 1);
  if (look.title !== null) setAttribute(td, 'title', look.title);
  else td.removeAttribute('title');
}

/** Marks the cell that the keyboard is on, and the selection around it. */
function styleSelection(
  cell: HTMLElement,
  at: Cell,
  active: Cell | null,
  area: Rectangle | null,
  id: string,
): boolean {
  const isActive = active !== null && at.row === active.row && at.column === active.column;
  const isSelected = area !== null && at.row >= 0 && isInside(area, at.row, at.column);
  cell.classList.toggle('is-active', isActive);
  cell.classList.toggle('is-selected', isSelected);
  if (at.row >= 0) setAttribute(cell, 'aria-selected', String(isSelected));
  if (isActive) cell.id = id;
  else if (cell.id !== '') cell.removeAttribute('id');
  return isActive;
}

export function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
