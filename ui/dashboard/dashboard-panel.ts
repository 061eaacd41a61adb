import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Panel } from '../../protocol/dashboard/dashboard.ts';
import type { CellMarks } from '../grid/cells/cell-marks.ts';
import type { DashboardTexts } from '../locales/dashboard/en.ts';
import type { Texts } from '../locales/en.ts';
import type { AppModel } from '../shell/app-model.ts';
import type { FirstRowsLoader } from '../shell/first-rows.ts';
import { SignalElement } from '../shell/signal-element.ts';
import { beginsWithFirstRows, openPanelView, viewChoices } from './panel-view.ts';

/** What a panel asks of its dashboard. */
export interface PanelActions {
  /** By the keyboard: steps in columns and rows. */
  step(panel: Panel, dx: number, dy: number, isResize: boolean): void;
  dragStarts(panel: Panel, event: PointerEvent, isResize: boolean): void;
  change(panel: Panel): void;
  remove(panel: Panel): void;
  setView(id: string, view: NonNullable<Panel['view']>): void;
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface ShownPanelTable {
  readonly table: string;
  /** Null where the panel has no use for them. */
  readonly firstRows: FirstRowsLoader | null;
  release(): void;
}

/** One panel of a dashboard: its title, by which it is moved while the dashboard is edited, and what it shows. */
export class DashboardPanel extends SignalElement {
  static override properties = {
    model: { attribute: false },
    texts: { attribute: false },
    panel: { attribute: false },
    isEditing: { attribute: false },
    marks: { attribute: false },
    actions: { attribute: false },
  };
  declare model: AppModel;
  declare texts: DashboardTexts;
  declare panel: Panel;
  declare isEditing: boolean;
  declare marks: ReadonlySignal<CellMarks>;
  declare actions: PanelActions;
  /** `view` is what the panel's table shows now, as `viewChoices` has it. */
  #mounted: { readonly of: string; view: string; readonly texts: Texts; close(): void } | null = null;
  /** The panel's table, which is on the page for as long as the panel is. */
  readonly #shown = signal<ShownPanelTable | null>(null);
  readonly #firstRows = computed(() => this.#shown.value?.firstRows?.rows.value ?? null);
  readonly #isThere = computed(() => {
    void this.model.version.value;
    void this.model.replicaNames.value;
    return this.#firstRows.value !== null || this.model.tables.has(this.#shown.value?.table ?? '');
  });

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.#show();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#show();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unmount();
    this.#release();
  }

  #show(): void {
    const { model, panel } = this;
    const { table } = panel;
    const isEarly = beginsWithFirstRows(panel);
    const shown = this.#shown.peek();
    if (shown?.table === table && (shown.firstRows !== null) === isEarly) return;
    const release = model.shownTables.show(table);
    this.#release();
    this.#shown.value = { table, firstRows: isEarly ? model.loadFirstRows(table) : null, release };
  }

  #release(): void {
    const shown = this.#shown.peek();
    shown?.firstRows?.close();
    shown?.release();
    this.#shown.value = null;
  }

  protected override render(): TemplateResult {
    const { panel, texts } = this;
    // What is shown is made anew where the language changes.
    void this.model.texts.live;
    const isThere = this.#isThere.value;
    const first = this.#firstRows.value;
    const isMissing = !isThere && !this.model.shownTables.awaited.value.has(panel.table);
    return html`
      <header class="dash-head">
        <h2 title=${panel.table}>${panelName(panel)}</h2>
        ${this.isEditing ? this.#tools() : nothing}
      </header>
      ${isMissing ? html`<p class="notice">${texts.panel.missing(panel.table)}</p>` : nothing}
      <div class="dash-view" ?hidden=${!isThere}></div>
      ${first === null ? nothing : html`<p class="notice">${this.model.texts.firstRows(first.table.rowCount, first.rowCount)}</p>`}
    `;
  }

  #tools(): TemplateResult {
    const { panel, texts, actions } = this;
    const name = panelName(panel);
    return html`
      <button class="icon-button dash-move" type="button" aria-label=${texts.panel.move(name)} title=${texts.panel.moveHint}
        @keydown=${this.#pressed} @pointerdown=${(event: PointerEvent) => actions.dragStarts(panel, event, false)}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 1.5v13M1.5 8h13M6 3.5l2-2 2 2M6 12.5l2 2 2-2M3.5 6l-2 2 2 2M12.5 6l2 2-2 2" /></svg>
      </button>
      <button class="icon-button" type="button" aria-label=${texts.panel.change(name)} title=${texts.panel.change(name)} @click=${() => actions.change(panel)}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 13l.6-2.8 7.2-7.2 2.2 2.2-7.2 7.2z" /></svg>
      </button>
      <button class="icon-button" type="button" aria-label=${texts.panel.remove(name)} title=${texts.panel.remove(name)} @click=${() => actions.remove(panel)}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8" /></svg>
      </button>
      <span class="dash-corner" title=${texts.panel.resize(name)} @pointerdown=${(event: PointerEvent) => actions.dragStarts(panel, event, true)}></span>
    `;
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.actions.step(this.panel, ...step, event.shiftKey);
  };

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { panel } = this;
    for (const [name, value] of Object.entries({
      x: panel.x + 1,
      y: panel.y + 1,
      width: panel.width,
      height: panel.height,
      order: panel.y * 12 + panel.x,
    }))
      this.style.setProperty(`--${name}`, String(value));
    this.#mount();
  }

  #mount(): void {
    const { panel, model, actions, marks } = this;
    const parent = this.querySelector<HTMLElement>('.dash-view');
    const wanted = parent === null || parent.hidden ? null : shownOf(panel);
    const { of, view: shown, texts } = this.#mounted ?? {};
    if (of !== wanted || shown !== viewChoices(panel) || texts !== model.texts) this.#unmount();
    if (wanted === null || parent === null || this.#mounted !== null) return;
    const onView = (view: NonNullable<Panel['view']>) => {
      if (this.#mounted !== null) this.#mounted.view = viewChoices({ ...panel, view });
      actions.setView(panel.id, view);
    };
    const view = openPanelView({ model, parent, panel, firstRows: this.#firstRows, marks, onView });
    if (panel.type === 'chart') parent.append(this.#nothing());
    this.#mounted = {
      of: wanted,
      view: viewChoices(panel),
      texts: model.texts,
      close() {
        view.close();
        parent.replaceChildren();
      },
    };
  }

  /** Seen where the chart beside it is not. */
  #nothing(): HTMLElement {
    const element = document.createElement('p');
    element.className = 'notice dash-nothing';
    element.textContent = this.texts.panel.nothing;
    return element;
  }

  #unmount(): void {
    this.#mounted?.close();
    this.#mounted = null;
  }
}

/** For people: its title, else its table's name. */
export function panelName({ title, table }: Panel): string {
  return title === undefined || title === '' ? table : title;
}

/** Panels of which this is equal show the same, but for a table's view, which its viewer changes too. */
function shownOf({ id, type, table, chart }: Panel): string {
  return JSON.stringify([id, type, table, type === 'chart' ? chart : null]);
}
