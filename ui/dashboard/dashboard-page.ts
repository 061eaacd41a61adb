import { computed, effect, type ReadonlySignal, signal } from '@preact/signals-core';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { GRID_COLUMNS, type Panel } from '../../protocol/dashboard/dashboard.ts';
import type { CellMarks } from '../grid/cells/cell-marks.ts';
import { loadDashboardTexts } from '../locales/dashboard/dashboard-locale.ts';
import type { DashboardTexts } from '../locales/dashboard/en.ts';
import type { AppModel } from '../shell/app-model.ts';
import { DASHBOARD_SHOWN } from '../shell/first-dashboard.ts';
import { SignalElement } from '../shell/signal-element.ts';
import { createDashboardClient } from './dashboard-client.ts';
import { dashboardHead } from './dashboard-head.ts';
import { type DashboardPanel, type PanelActions, panelName } from './dashboard-panel.ts';
import { DashboardState } from './dashboard-state.ts';
import { freePlace, steppedPlace, withPlace } from './layout.ts';
import { noticeList } from './notice-list.ts';
import { startPanelDrag } from './panel-drag.ts';
import { openPanelForm, type PanelChoice } from './panel-form.ts';
import { problemNotice } from './problem-notice.ts';
import { createTableFields } from './table-fields.ts';
import { thresholdMarks } from './threshold-marks.ts';
import { ThresholdNotices } from './threshold-notices.ts';

/** So often it is looked whether somebody else saved the dashboard. */
const REFRESH_MS = 15_000;
const NEW_PANEL = { width: 6, height: 8 } as const;

/** One dashboard: what is said of it, and its panels on a grid, which its viewer lays out. */
export class DashboardPage extends SignalElement {
  static override properties = { model: { attribute: false } };
  declare model: AppModel;
  readonly #texts = signal<DashboardTexts | null>(null);
  readonly #state = signal<DashboardState | null>(null);
  /** Said to those who listen. */
  readonly #announced = signal('');
  /** While one is dragged, as they would stand. */
  readonly #dragged = signal<readonly Panel[] | null>(null);
  readonly #marks = new Map<string, ReadonlySignal<CellMarks>>();
  #notices: ThresholdNotices | null = null;
  #ends: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const { model } = this;
    const notices = new ThresholdNotices({ model, keepsOver: model.mode === 'full' });
    this.#notices = notices;
    const reload = () => this.#open();
    window.addEventListener('hashchange', reload);
    const refresh = () => {
      if (document.visibilityState === 'visible') void this.#state.peek()?.refresh();
    };
    const timer = setInterval(refresh, REFRESH_MS);
    document.addEventListener('visibilitychange', refresh);
    this.#ends = [
      effect(() => this.#loadTexts()),
      effect(() => {
        void model.dashboard.value;
        this.#open();
      }),
      effect(() => notices.setThresholds(this.#state.value?.thresholds.value ?? [])),
      effect(() => this.#setTitle()),
      () => window.removeEventListener('hashchange', reload),
      () => document.removeEventListener('visibilitychange', refresh),
      () => clearInterval(timer),
      () => notices.close(),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  #loadTexts(): void {
    const locale = this.model.language.locale.value;
    void loadDashboardTexts(locale)
      .then((texts) => {
        if (this.model.language.locale.peek() === locale) this.#texts.value = texts;
      })
      .catch((error: unknown) => {
        this.#tellShown();
        throw error;
      });
  }

  #tellShown(): void {
    this.dispatchEvent(new Event(DASHBOARD_SHOWN, { bubbles: true }));
  }

  /** Panels make their views when they are updated themselves. */
  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.#texts.peek() === null || (this.#state.peek()?.phase.peek() ?? 'loading') === 'loading') return;
    const panels = [...this.querySelectorAll<DashboardPanel>('tablecast-dashboard-panel')];
    void Promise.all(panels.map((panel) => panel.updateComplete)).then(() => this.#tellShown());
  }

  /** What the address says. */
  #open(): void {
    const name = this.model.dashboard.peek();
    if (name === null) return;
    const state = new DashboardState(
      name,
      createDashboardClient((input, init) => fetch(input, init)),
    );
    this.#marks.clear();
    this.#state.value = state;
    void state.load(location.hash).then(() => {
      if (this.model.mode !== 'full') state.isEditing.value = false;
    });
  }

  #setTitle(): void {
    const { texts } = this.model;
    const state = this.#state.value;
    const name = state?.dashboard.value.title ?? state?.name ?? '';
    document.title = name === '' ? texts.appName : `${name} · ${texts.appName}`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const texts = this.#texts.value;
    const state = this.#state.value;
    if (texts === null || state === null) return nothing;
    const { mode } = this.model;
    const isEditing = state.isEditing.value;
    const saving = { model: this.model, state, texts, say: (text: string) => this.#say(text) };
    return html`
      ${dashboardHead({ ...saving, host: this, addPanel: () => this.#add() })}
      ${problemNotice(saving)}
      ${this.#notices === null ? nothing : noticeList(this.#notices, texts, mode === 'full')}
      <p class="is-unseen" aria-live="assertive">${this.#announced.value}</p>
      ${state.phase.value === 'ready' ? this.#panels(state, texts, isEditing) : this.#missing(state, texts)}
    `;
  }

  #missing(state: DashboardState, texts: DashboardTexts): TemplateResult | typeof nothing {
    if (state.phase.value === 'loading' || state.problem.value !== null) return nothing;
    return html`<div class="dash-empty"><p>${texts.missing(state.name)}</p>
      ${this.model.mode === 'full' ? html`<button class="text-button" type="button" @click=${() => state.begin()}>${texts.makeIt}</button>` : nothing}</div>`;
  }

  #panels(state: DashboardState, texts: DashboardTexts, isEditing: boolean): TemplateResult {
    const panels = this.#dragged.value ?? state.dashboard.value.panels;
    if (panels.length === 0) return html`<div class="dash-empty"><p>${texts.empty}</p></div>`;
    return html`<div class="dash-scroller"><div class="dash-grid" ?data-editing=${isEditing}>
      ${repeat(
        panels,
        ({ id }) => id,
        (
          panel,
        ) => html`<tablecast-dashboard-panel class="dash-panel" data-panel=${panel.id} .model=${this.model} .texts=${texts}
          .panel=${panel} .isEditing=${isEditing} .marks=${this.#marksOf(panel.table)} .actions=${this.#actions}></tablecast-dashboard-panel>`,
      )}
    </div></div>`;
  }

  #marksOf(table: string): ReadonlySignal<CellMarks> {
    const known = this.#marks.get(table);
    if (known !== undefined) return known;
    const marks = computed(() => {
      const thresholds = this.#state.value?.thresholds.value ?? [];
      const texts = this.#texts.value;
      return texts === null ? () => new Map() : thresholdMarks(thresholds, table, texts);
    });
    this.#marks.set(table, marks);
    return marks;
  }

  readonly #actions: PanelActions = {
    step: (panel, dx, dy, isResize) => {
      const state = this.#state.peek();
      if (state === null) return;
      const { width, height } = panel;
      const place = isResize
        ? { ...panel, width: Math.min(width + dx, GRID_COLUMNS - panel.x), height: height + dy }
        : steppedPlace(state.dashboard.peek().panels, panel, dx, dy);
      state.place(panel.id, place);
      this.#sayPlace(panel.id);
    },
    dragStarts: (panel, event, isResize) => this.#drag(panel, event, isResize),
    change: (panel) => this.#change(panel),
    remove: (panel) => {
      this.#state.peek()?.removePanel(panel.id);
      this.querySelector<HTMLElement>('.dash-tools button')?.focus();
    },
    setView: (id, view) => {
      const state = this.#state.peek();
      const panel = state?.dashboard.peek().panels.find((one) => one.id === id);
      if (panel === undefined) return;
      const { view: _, ...rest } = panel;
      state?.put(Object.keys(view).length === 0 ? rest : { ...rest, view });
    },
  };

  #drag(panel: Panel, event: PointerEvent, isResize: boolean): void {
    const state = this.#state.peek();
    const grid = this.querySelector<HTMLElement>('.dash-grid');
    if (state === null || grid === null) return;
    const { panels } = state.dashboard.peek();
    startPanelDrag(event, {
      grid,
      panels,
      panel,
      isResize,
      onPlace: (place) => {
        const width = Math.min(place.width, GRID_COLUMNS - place.x);
        this.#dragged.value = withPlace(panels, panel.id, { ...place, width });
      },
      onEnd: (isKept) => {
        const place = this.#dragged.peek()?.find(({ id }) => id === panel.id);
        const all = this.#dragged.peek();
        this.#dragged.value = null;
        if (!isKept || place === undefined || all === null) return;
        for (const one of all) state.put(one);
        this.#sayPlace(panel.id);
      },
    });
  }

  #sayPlace(id: string): void {
    const panel = this.#state
      .peek()
      ?.dashboard.peek()
      .panels.find((one) => one.id === id);
    const texts = this.#texts.peek();
    if (panel !== undefined && texts !== null) this.#say(texts.panel.place(panelName(panel), panel));
  }

  #say(text: string): void {
    this.#announced.value = text;
  }

  #add(): void {
    const [table = ''] = this.model.tableNames.peek();
    this.#ask(this.#texts.peek()?.panel.add ?? '', { type: 'table', table }, (choice) => {
      const state = this.#state.peek();
      const { panels } = state!.dashboard.peek();
      state!.put({ id: newId(panels), ...choice, ...freePlace(panels, NEW_PANEL.width, NEW_PANEL.height) });
    });
  }

  #change(panel: Panel): void {
    const { id, x, y, width, height, view } = panel;
    this.#ask(this.#texts.peek()?.panel.change(panelName(panel)) ?? '', panel, (choice) => {
      const kept = view !== undefined && choice.table === panel.table ? { view } : {};
      this.#state.peek()?.put({ id, ...choice, x, y, width, height, ...kept });
    });
  }

  #ask(heading: string, panel: PanelChoice, onPanel: (choice: PanelChoice) => void): void {
    const texts = this.#texts.peek();
    if (texts === null) return;
    const { tableNames, tables } = this.model;
    openPanelForm({
      host: this,
      texts,
      heading,
      tableNames: tableNames.peek(),
      fieldsOf: createTableFields(tables, (input) => fetch(input)),
      panel,
      onPanel,
    });
  }
}

/** Short, and unlike those that are there. */
function newId(panels: readonly Panel[]): string {
  const ids = new Set(panels.map(({ id }) => id));
  let number = panels.length + 1;
  while (ids.has(`p${number}`)) number++;
  return `p${number}`;
}
