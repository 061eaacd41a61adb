/** Types of `elements.js`, for a page whose build installs the package: of its elements for scripts, and of their attributes for JSX. */
import type { Column, Rows } from 'tablecast/client';

/** One table of a gateway, as a grid or as a chart. */
export interface TablecastElement extends HTMLElement {
  /** On screen; null before the first. */
  readonly version: number | null;
  /** Those that the element names, all where it names none; empty while there is no table. It takes names. */
  get columns(): readonly Column[];
  set columns(names: string | readonly string[] | null);
  /** With those columns, in the table's order; null while there is no table. */
  readonly rows: Rows | null;
}

/** The version on screen, as `tablecast-version` tells it. */
export type TablecastVersionEvent = CustomEvent<{ readonly epoch: string; readonly version: number }>;

interface CommonAttributes {
  /** The table. */
  name?: string;
  /** The gateway's address; where the script came from, if absent. */
  gateway?: string;
  theme?: 'light' | 'dark';
  lang?: string;
}

export interface TablecastTableAttributes extends CommonAttributes {
  /** Names with commas between, or as JSON. */
  columns?: string;
  /** Names with commas between; `-` before one sorts it descending. */
  sort?: string;
  search?: string;
  follow?: boolean | '';
  tools?: boolean | '';
}

export interface TablecastChartAttributes extends CommonAttributes {
  type?: string;
  x?: string;
  y?: string;
  series?: string;
}

/** The elements' attributes by their tags, for a framework's JSX; `Others` are what it gives every element. */
export interface TablecastElements<Others = object> {
  'tablecast-table': Omit<Others, keyof TablecastTableAttributes> & TablecastTableAttributes;
  'tablecast-chart': Omit<Others, keyof TablecastChartAttributes> & TablecastChartAttributes;
}

declare global {
  interface HTMLElementTagNameMap {
    'tablecast-table': TablecastElement;
    'tablecast-chart': TablecastElement;
  }
  interface GlobalEventHandlersEventMap {
    'tablecast-version': TablecastVersionEvent;
  }
}
