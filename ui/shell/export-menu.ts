import { html, nothing, type TemplateResult } from 'lit';
import type { ImageFormat } from '../chart/chart-view.ts';
import type { ShownChart } from '../chart/shown-chart.ts';
import type { ExportFormat } from '../export/row-encoder.ts';
import { saveFile } from '../export/save-file.ts';
import type { AppModel } from './app-model.ts';
import { type ExportJob, startExport } from './export-job.ts';
import { popover } from './popover.ts';
import { SignalElement } from './signal-element.ts';

const FORMATS: readonly ExportFormat[] = ['csv', 'xlsx', 'json', 'arrow'];
const IMAGES: readonly ImageFormat[] = ['png', 'svg'];

/**
 * Downloads the chosen table as it is shown. A whole, live table comes from the gateway in the formats that it has;
 * anything else is written here, from one version, and can be called off.
 */
export class ExportMenu extends SignalElement {
  static override properties = {
    model: { attribute: false },
    table: { attribute: false },
    job: { state: true },
    failure: { state: true },
  };
  declare model: AppModel;
  declare table: string;
  declare job: ExportJob | null;
  declare failure: string | null;

  constructor() {
    super();
    this.job = null;
    this.failure = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.job?.cancel();
  }

  protected override render(): TemplateResult {
    const { texts } = this.model;
    const menu = popover({
      id: 'download',
      label: texts.download,
      className: 'icon-button download-button',
      button: html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11" /></svg>`,
      content: html`
        <p class="hint">${this.#scope()}</p>
        <ul class="download-list">${FORMATS.map((format) => html`<li>${this.#format(format)}</li>`)}</ul>
        ${this.#images()}
      `,
    });
    return html`${this.#progress()} ${menu}`;
  }

  #scope(): string {
    const { texts, shownView } = this.model;
    const view = shownView.value;
    if (view?.isArranging === true) return texts.grid.arranging;
    return view === null ? texts.downloadWhole : texts.downloadView(view.rowCount, view.columns.length);
  }

  #format(format: ExportFormat): TemplateResult {
    const { texts, pausing, shownView, replicaNames } = this.model;
    const isWhole = shownView.value === null && pausing.waiting.value === null;
    if (isWhole && format !== 'xlsx') {
      const href = `tables/${encodeURIComponent(this.table)}.${format}`;
      return html`<a class="popover-item" href=${href} download=${`${this.table}.${format}`} @click=${closeMenu}>${texts.formats[format]}</a>`;
    }
    // Of a table that is loading its first rows alone may be here.
    const isThere = replicaNames.value.includes(this.table) && shownView.value?.isArranging !== true;
    return html`<button class="popover-item" type="button" ?disabled=${this.job !== null || !isThere}
      @click=${(event: Event) => void this.#export(event, format)}>${texts.formats[format]}</button>`;
  }

  #images(): TemplateResult | typeof nothing {
    const { texts, shownChart } = this.model;
    const chart = shownChart.value;
    if (chart === null || !chart.isShown.value) return nothing;
    return html`<p class="hint download-part">${texts.chartImage}</p>
      <ul class="download-list">${IMAGES.map(
        (format) => html`<li><button class="popover-item" type="button"
          @click=${(event: Event) => void this.#saveImage(event, chart, format)}>${texts.imageFormats[format]}</button></li>`,
      )}</ul>`;
  }

  #progress(): TemplateResult | typeof nothing {
    const { texts } = this.model;
    if (this.failure !== null) {
      return html`<span class="export-state is-error" role="alert">${texts.downloadFailed(this.failure)}
        <button class="text-button" type="button" @click=${() => this.#dismiss()}>${texts.close}</button></span>`;
    }
    const job = this.job;
    if (job === null) return nothing;
    const percent = Math.floor(job.progress.value * 100);
    const label = texts.preparing(texts.formats[job.format], percent);
    return html`<span class="export-state">
      <progress max="100" .value=${percent} aria-label=${label}></progress><span aria-hidden="true">${percent} %</span>
      <button class="text-button" type="button" @click=${() => job.cancel()}>${texts.cancel}</button>
    </span>`;
  }

  #dismiss(): void {
    this.failure = null;
  }

  async #saveImage(event: Event, chart: ShownChart, format: ImageFormat): Promise<void> {
    closeMenu(event);
    this.failure = null;
    try {
      saveFile(await chart.image(format), `${this.table}.${format}`);
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  async #export(event: Event, format: ExportFormat): Promise<void> {
    closeMenu(event);
    const table = this.model.tables.get(this.table);
    if (table === undefined || this.job !== null) return;
    this.failure = null;
    const job = startExport({ format, name: this.table, table, view: this.model.shownView.peek() });
    this.job = job;
    try {
      await job.done;
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
    this.job = null;
  }
}

function closeMenu(event: Event): void {
  if (event.target instanceof Element) event.target.closest<HTMLElement>('[popover]')?.hidePopover();
}
