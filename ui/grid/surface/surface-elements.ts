import { setAttribute } from './set-attribute.ts';

export interface SurfaceElements {
  /** The grid itself, which scrolls. */
  readonly grid: HTMLElement;
  /** As large as all rows and columns. */
  readonly spacer: HTMLElement;
  /** As large as the view, and always in it. */
  readonly frame: HTMLElement;
  readonly table: HTMLTableElement;
  readonly headRow: HTMLTableRowElement;
  readonly body: HTMLTableSectionElement;
}

/** The fixed parts of a grid in the page, with their roles; rows and cells come and go in them. */
export function createSurfaceElements(label: string): SurfaceElements {
  const grid = document.createElement('div');
  grid.className = 'grid';
  grid.tabIndex = 0;
  setAttribute(grid, 'role', 'grid');
  setAttribute(grid, 'aria-label', label);
  setAttribute(grid, 'aria-multiselectable', 'true');
  const spacer = presentation('div', 'grid-spacer');
  const frame = presentation('div', 'grid-frame');
  const table = presentation('table', 'grid-table');
  const head = document.createElement('thead');
  const headRow = document.createElement('tr');
  const body = document.createElement('tbody');
  for (const part of [head, body]) part.setAttribute('role', 'rowgroup');
  headRow.setAttribute('role', 'row');
  headRow.setAttribute('aria-rowindex', '1');
  head.append(headRow);
  table.append(head, body);
  frame.append(table);
  spacer.append(frame);
  grid.append(spacer);
  return { grid, spacer, frame, table, headRow, body };
}

function presentation<Tag extends 'div' | 'table'>(tag: Tag, className: string): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = className;
  element.setAttribute('role', 'presentation');
  return element;
}
