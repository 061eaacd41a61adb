import { signal } from '@preact/signals-core';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import { GridView } from '../grid/grid-view.ts';
import type { GridState } from '../grid/state/grid-state.ts';
import { createStoredStates } from '../grid/state/stored-states.ts';
import gridStyles from '../styles/grid.css?inline';
import menuStyles from '../styles/grid-menu.css?inline';
import { attributeList } from './attribute-list.ts';
import type { ElementView, ElementViewContext, ElementViewModule } from './element-view.ts';

/** The table as the page's grid, arranged as the element's `columns`, `sort` and `search` say. */
export const gridElementView: ElementViewModule = {
  styles: gridStyles + menuStyles,
  create: (context) => new GridElementView(context),
};

class GridElementView implements ElementView {
  readonly #context: ElementViewContext;
  readonly #grid: GridView;
  readonly #removeView: () => void;
  readonly #isAppended = signal(false);
  #schemaId = '';

  constructor(context: ElementViewContext) {
    this.#context = context;
    const { parent, table, gateway, texts } = context;
    this.#grid = new GridView({
      parent,
      table,
      read: () => gateway.tables.get(table),
      texts,
      states: createStoredStates(null),
      isAppended: this.#isAppended,
      // Several grids may stand in a page that has keys of its own.
      hasSearchKey: signal(false),
      onShown: () => {},
    });
    this.#arrange(['sort', 'search']);
    this.#removeView = context.schedule(this.#grid);
  }

  changed(table: LiveTable): void {
    this.#isAppended.value = table.key === null && this.#context.attribute('follow') !== null;
    const schemaId = JSON.stringify(table.fields.map(({ name }) => name));
    if (schemaId === this.#schemaId) return;
    this.#schemaId = schemaId;
    this.#arrange(['columns']);
  }

  attributeChanged(name: string): void {
    if (name === 'follow') {
      const table = this.#context.gateway.tables.get(this.#context.table);
      if (table !== undefined) this.changed(table);
    } else this.#arrange([name]);
  }

  /** Colours come by style sheet. */
  themeChanged(): void {}

  close(): void {
    this.#removeView();
    this.#grid.close();
  }

  #arrange(attributes: readonly string[]): void {
    let { state } = this.#grid;
    if (attributes.includes('sort')) state = { ...state, sort: this.#sort() };
    if (attributes.includes('search')) state = { ...state, search: this.#context.attribute('search') ?? '' };
    if (attributes.includes('columns')) state = { ...state, ...this.#columns() };
    this.#grid.arrange(state);
  }

  #sort(): GridState['sort'] {
    return attributeList(this.#context.attribute('sort')).map((name) => ({
      column: name.replace(/^[+-]/, ''),
      direction: name.startsWith('-') ? 'descending' : 'ascending',
    }));
  }

  /** Those named, in that order; all where none are. */
  #columns(): Pick<GridState, 'order' | 'hidden'> {
    const { gateway, table, texts, attribute, tellProblem } = this.#context;
    const names = gateway.tables.get(table)?.fields.map(({ name }) => name) ?? [];
    const asked = attributeList(attribute('columns'));
    const missing = asked.find((name) => !names.includes(name));
    tellProblem(missing === undefined ? null : texts.missingColumn(missing));
    const shown = asked.filter((name) => names.includes(name));
    return { order: shown, hidden: shown.length === 0 ? [] : names.filter((name) => !shown.includes(name)) };
  }
}
