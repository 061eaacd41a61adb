import type { Rows } from '../client/rows.ts';
import type { Column } from '../client/table-view.ts';
import elementStyles from '../styles/element.css?inline';
import panelStyles from '../styles/panel.css?inline';
import partsStyles from '../styles/parts.css?inline';
import tokenStyles from '../styles/tokens.css?inline';
import { attributeList } from './attribute-list.ts';
import type { ElementViewModule } from './element-view.ts';
import type { ElementWorld } from './element-world.ts';
import { ShownElement } from './shown-element.ts';

/** The elements' own begin, for they undo what the page around gives. */
const BASE_STYLES = elementStyles + tokenStyles + partsStyles + panelStyles;

/** What a kind of element is made of. */
export interface ElementKind {
  readonly className: string;
  /** Attributes beside `name`, `gateway`, `theme` and `lang`. */
  readonly attributes: readonly string[];
  readonly load: () => Promise<ElementViewModule>;
}

const COMMON_ATTRIBUTES = ['name', 'gateway', 'theme', 'lang'];

/** A custom element of this kind, for elements of this world. */
export function createElementClass(kind: ElementKind, world: ElementWorld): CustomElementConstructor {
  return class extends TablecastElement {
    static readonly observedAttributes = [...COMMON_ATTRIBUTES, ...kind.attributes];

    constructor() {
      super(kind, world);
    }
  };
}

/**
 * One table of a gateway in somebody else's page. It holds a line, a view and listeners only while it is in the document.
 * `tablecast-version` tells each version that is on screen, with `{version, epoch}` as its detail.
 */
export class TablecastElement extends HTMLElement {
  readonly #kind: ElementKind;
  readonly #world: ElementWorld;
  readonly #root: ShadowRoot;
  #shown: ShownElement | null = null;
  #version: number | null = null;

  constructor(kind: ElementKind, world: ElementWorld) {
    super();
    this.#kind = kind;
    this.#world = world;
    this.#root = this.attachShadow({ mode: 'open' });
  }

  /** The version on screen; null before the first. */
  get version(): number | null {
    return this.#version;
  }

  /** The table's columns that the element names, all where it names none. Empty while there is no table. */
  get columns(): readonly Column[] {
    const table = this.#shown?.table();
    if (table === undefined) return [];
    const names = this.#columnNames(table.columns);
    return names.map((name) => table.columns.find((column) => column.name === name)!);
  }

  /** Frameworks write attributes as properties. */
  set columns(names: string | readonly string[] | null) {
    if (names === null) this.removeAttribute('columns');
    else this.setAttribute('columns', typeof names === 'string' ? names : JSON.stringify(names));
  }

  /** The table's rows with those columns, in the table's order; they stay as they are. Null while there is no table. */
  get rows(): Rows | null {
    const table = this.#shown?.table();
    return table?.rows({ columns: this.#columnNames(table.columns) }) ?? null;
  }

  connectedCallback(): void {
    this.#show();
  }

  disconnectedCallback(): void {
    this.#close();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    // An upgrade tells all attributes before it says that the element is in the document.
    if (before === after || this.#shown === null) return;
    if (name === 'name' || name === 'gateway') this.#show();
    else this.#shown.attributeChanged(name);
  }

  #show(): void {
    this.#close();
    this.#root.adoptedStyleSheets = [this.#world.sheet(BASE_STYLES)];
    this.#shown = new ShownElement({
      element: this,
      root: this.#root,
      world: this.#world,
      className: this.#kind.className,
      load: this.#kind.load,
      onDrawn: (drawn) => {
        this.#version = drawn.version;
        const event = { detail: drawn, bubbles: true, composed: true };
        this.dispatchEvent(new CustomEvent('tablecast-version', event));
      },
    });
  }

  #close(): void {
    this.#shown?.close();
    this.#shown = null;
    this.#version = null;
  }

  #columnNames(columns: readonly Column[]): readonly string[] {
    const names = columns.map(({ name }) => name);
    const asked = this.#kind.attributes.includes('columns')
      ? attributeList(this.getAttribute('columns'))
      : [];
    const shown = asked.filter((name) => names.includes(name));
    return shown.length === 0 ? names : shown;
  }
}
