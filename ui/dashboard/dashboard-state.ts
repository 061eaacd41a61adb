import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import type { Threshold } from '../../protocol/condition/threshold.ts';
import type { Dashboard, Panel } from '../../protocol/dashboard/dashboard.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { DashboardClient, Failure, ReadAnswer } from './dashboard-client.ts';
import { inReadingOrder, type Place, parted, withPlace } from './layout.ts';
import { layoutFragment, layoutOfFragment } from './layout-link.ts';

/** What stands in the way of what the viewer wanted. */
export type DashboardProblem =
  /** Somebody else saved the one of that name, which may be another than the one that is shown. */
  | { readonly type: 'conflict'; readonly name: string }
  | Failure
  | { readonly type: 'bad_link'; readonly detail: string };

type SavedAnswer = Extract<ReadAnswer, { type: 'read' }>;

const EMPTY: Dashboard = { panels: [] };

/** One dashboard as the page shows it: what was saved or came with the address, and what the viewer made of it since. */
export class DashboardState {
  readonly dashboard = signal<Dashboard>(EMPTY);
  readonly phase = signal<'loading' | 'missing' | 'ready'>('loading');
  readonly problem = signal<DashboardProblem | null>(null);
  readonly isEditing = signal(false);
  /** Whether it differs from what is saved. */
  readonly isChanged: ReadonlySignal<boolean>;
  readonly thresholds: ReadonlySignal<readonly Threshold[]>;
  readonly name: string;
  readonly #client: DashboardClient;
  readonly #saved = signal('');
  #etag: string | null = null;

  constructor(name: string, client: DashboardClient) {
    this.name = name;
    this.#client = client;
    this.isChanged = computed(() => JSON.stringify(this.dashboard.value) !== this.#saved.value);
    this.thresholds = computed(() => this.dashboard.value.thresholds ?? []);
  }

  /** What the address holds, or what is saved under the name. */
  async load(fragment: string): Promise<void> {
    this.problem.value = null;
    try {
      const shared = await layoutOfFragment(fragment);
      if (shared !== null) {
        const saved = this.name === '' ? null : await this.#client.read(this.name);
        this.#etag = saved?.type === 'read' ? saved.etag : null;
        this.#saved.value = saved?.type === 'read' ? JSON.stringify(arranged(saved.dashboard)) : '';
        return this.#show(arranged(shared));
      }
    } catch (error) {
      const detail = error instanceof TablecastError ? error.message : String(error);
      this.problem.value = { type: 'bad_link', detail };
    }
    await this.#loadSaved();
  }

  async #loadSaved(): Promise<void> {
    if (this.name === '') {
      this.#saved.value = JSON.stringify(EMPTY);
      this.isEditing.value = true;
      return this.#show(EMPTY);
    }
    const answer = await this.#client.read(this.name);
    if (answer.type === 'failed') this.problem.value = answer;
    if (answer.type !== 'read') {
      this.phase.value = 'missing';
      return;
    }
    this.#showSaved(answer);
  }

  /** Shows what others saved meanwhile, where the viewer changed nothing, and what could not be read before. */
  async refresh(): Promise<void> {
    if (this.name === '' || this.#isOwn()) return;
    const answer = await this.#client.read(this.name);
    if (this.#isOwn()) return;
    const isMissing = this.phase.peek() === 'missing';
    if (isMissing && this.problem.peek()?.type === 'failed')
      this.problem.value = answer.type === 'failed' ? answer : null;
    if (answer.type === 'read' && (isMissing || answer.etag !== this.#etag)) this.#showSaved(answer);
  }

  /** Whether what is shown, or about to be, is not for others to change. */
  #isOwn(): boolean {
    const phase = this.phase.peek();
    return phase === 'loading' || (phase === 'ready' && (this.isEditing.peek() || this.isChanged.peek()));
  }

  #showSaved(saved: SavedAnswer): void {
    const dashboard = arranged(saved.dashboard);
    this.#etag = saved.etag;
    this.#saved.value = JSON.stringify(dashboard);
    this.#show(dashboard);
  }

  #show(dashboard: Dashboard): void {
    this.dashboard.value = dashboard;
    this.phase.value = 'ready';
  }

  /** Saves it under a name; whether it is saved. `anyState` replaces whatever is there. */
  async save(name: string, anyState = false): Promise<boolean> {
    const dashboard = this.dashboard.peek();
    const etag = anyState ? '*' : name === this.name ? this.#etag : null;
    const answer = await this.#client.save(name, dashboard, etag);
    if (answer.type !== 'saved') {
      this.problem.value = answer.type === 'conflict' ? { type: 'conflict', name } : answer;
      return false;
    }
    this.problem.value = null;
    this.#etag = answer.etag;
    this.#saved.value = JSON.stringify(dashboard);
    return true;
  }

  /** Begins an empty one under the name, where there was none. */
  begin(): void {
    this.#saved.value = '';
    this.isEditing.value = true;
    this.#show(EMPTY);
  }

  async remove(): Promise<boolean> {
    const answer = await this.#client.remove(this.name);
    this.problem.value = answer.type === 'removed' ? null : answer;
    return answer.type === 'removed';
  }

  /** The fragment of an address that holds all of it. */
  link(): Promise<string> {
    return layoutFragment(this.dashboard.peek());
  }

  setTitle(title: string): void {
    const { title: _, ...rest } = this.dashboard.peek();
    this.dashboard.value = title === '' ? rest : { title, ...rest };
  }

  place(id: string, place: Place): void {
    this.#setPanels(withPlace(this.dashboard.peek().panels, id, place));
  }

  put(panel: Panel): void {
    const { panels } = this.dashboard.peek();
    const isKnown = panels.some(({ id }) => id === panel.id);
    this.#setPanels(isKnown ? panels.map((old) => (old.id === panel.id ? panel : old)) : [...panels, panel]);
  }

  removePanel(id: string): void {
    this.#setPanels(parted(this.dashboard.peek().panels.filter((panel) => panel.id !== id)));
  }

  setThresholds(thresholds: readonly Threshold[]): void {
    const { thresholds: _, ...rest } = this.dashboard.peek();
    this.dashboard.value = thresholds.length === 0 ? rest : { ...rest, thresholds: [...thresholds] };
  }

  /** The document's order follows the grid's again. */
  endEditing(): void {
    this.isEditing.value = false;
    this.#setPanels(this.dashboard.peek().panels.toSorted(inReadingOrder));
  }

  #setPanels(panels: readonly Panel[]): void {
    this.dashboard.value = { ...this.dashboard.peek(), panels: [...panels] };
  }
}

/** As the page lays it out: nothing overlaps, and the document's order is that of reading. */
function arranged(dashboard: Dashboard): Dashboard {
  return { ...dashboard, panels: parted(dashboard.panels).toSorted(inReadingOrder) };
}
