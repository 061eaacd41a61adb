import { effect, signal } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { loadDashboardTexts } from '../../locales/dashboard/dashboard-locale.ts';
import type { DashboardTexts } from '../../locales/dashboard/en.ts';
import type { AppModel } from '../../shell/app-model.ts';
import { SignalElement } from '../../shell/signal-element.ts';
import { createDashboardClient, type DashboardSummary } from '../dashboard-client.ts';

/** The saved dashboards by name, and the way to a new one. Read when the page opens, is looked at again, and saves one. */
export class DashboardList extends SignalElement {
  static override properties = { model: { attribute: false } };
  declare model: AppModel;
  readonly #texts = signal<DashboardTexts | null>(null);
  readonly #saved = signal<readonly DashboardSummary[]>([]);
  #ends: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const client = createDashboardClient((input, init) => fetch(input, init));
    const read = async () => {
      if (document.visibilityState !== 'visible') return;
      this.#saved.value = (await client.list()) ?? this.#saved.peek();
    };
    const abort = new AbortController();
    document.addEventListener('visibilitychange', () => void read(), { signal: abort.signal });
    const stopReading = effect(() => {
      void this.model.dashboardSaves.value;
      void read();
    });
    const stopTexts = effect(() => {
      const locale = this.model.language.locale.value;
      void loadDashboardTexts(locale).then((texts) => {
        if (this.model.language.locale.peek() === locale) this.#texts.value = texts;
      });
    });
    this.#ends = [stopReading, stopTexts, () => abort.abort()];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  protected override render(): TemplateResult | typeof nothing {
    const texts = this.#texts.value;
    if (texts === null) return nothing;
    return html`
      <h2 class="list-title" id="dashboard-list-title">${texts.dashboards}</h2>
      <ul aria-labelledby="dashboard-list-title">
        ${this.#saved.value.map(({ name, title }) => this.#item(name, title ?? name))}
        ${this.#item('', `+ ${texts.newDashboard}`)}
      </ul>
    `;
  }

  #item(name: string, text: string): TemplateResult {
    const isOpen = this.model.dashboard.value === name;
    return html`<li><a class="table-link" href=${`?dashboard=${encodeURIComponent(name)}`} aria-current=${isOpen ? 'page' : nothing}
      @click=${(event: MouseEvent) => this.#choose(event, name)}><span class="table-name">${text}</span></a></li>`;
  }

  #choose(event: MouseEvent, name: string): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    this.model.isListOpen.value = false;
    this.model.openDashboard(name);
  }
}
