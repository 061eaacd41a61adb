import type { Texts } from '../locales/en.ts';
import type { DrawCause, View } from '../render-scheduler.ts';
import type { Theme } from '../shell/theme.ts';
import type { TableReader } from '../table-reader.ts';
import { chartPicture } from './chart-option.ts';
import { type ChartPlan, planChart, planId } from './chart-plan.ts';
import { CHART_THEMES } from './chart-theme.ts';
import type { ChartView, ChartViewOptions } from './chart-view.ts';

export interface ChartPanelOptions {
  readonly parent: HTMLElement;
  readonly table: string;
  readonly read: () => TableReader | undefined;
  readonly theme: () => Theme;
  readonly texts: Texts;
  readonly loadChartView: () => Promise<(options: ChartViewOptions) => ChartView>;
}

/**
 * The chart of one table: `role="img"`, named by what it shows. `data-draws` counts draws that a commit caused,
 * `data-zoom` is the viewer's zoom in percent. It is hidden where the table has nothing to draw.
 */
export class ChartPanel implements View {
  readonly table: string;
  readonly #options: ChartPanelOptions;
  readonly #element: HTMLElement;
  readonly #canvas: HTMLElement;
  readonly #resizeObserver: ResizeObserver;
  #chart: ChartView | null = null;
  #loading: Promise<void> | null = null;
  #loadsForData = false;
  #plan: ChartPlan | null = null;
  #schemaId = '';
  #drawnId = '';
  #zoomShare = 1;
  #draws = 0;
  #isClosed = false;

  constructor(options: ChartPanelOptions) {
    this.#options = options;
    this.table = options.table;
    this.#element = document.createElement('div');
    this.#element.className = 'chart';
    this.#element.setAttribute('role', 'img');
    this.#element.setAttribute('aria-label', options.table);
    this.#element.dataset.draws = '0';
    this.#element.hidden = true;
    this.#canvas = document.createElement('div');
    this.#canvas.className = 'chart-canvas';
    this.#element.append(this.#canvas);
    options.parent.append(this.#element);
    this.#resizeObserver = new ResizeObserver(() => this.#chart?.resize());
    this.#resizeObserver.observe(this.#canvas);
  }

  draw(cause: DrawCause): void | Promise<void> {
    if (this.#isClosed) return;
    const table = this.#options.read();
    this.#choosePlan(table);
    this.#element.hidden = this.#plan === null;
    if (table === undefined || this.#plan === null) return;
    if (this.#chart !== null) return this.#paint(table, this.#plan, cause.isData);
    this.#loadsForData ||= cause.isData;
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Paints anew in the theme's colours; zoom and legend choice stay. */
  themeChanged(): void {
    this.#drawnId = '';
    const table = this.#options.read();
    if (this.#chart !== null && table !== undefined && this.#plan !== null)
      this.#paint(table, this.#plan, false);
  }

  close(): void {
    this.#isClosed = true;
    this.#resizeObserver.disconnect();
    this.#chart?.close();
    this.#chart = null;
    this.#element.remove();
  }

  /** A plan that was chosen stays for as long as the columns do. */
  #choosePlan(table: TableReader | undefined): void {
    const schemaId = JSON.stringify(table?.fields.map((field) => [field.name, field.type.kind]) ?? null);
    const previous = schemaId === this.#schemaId ? this.#plan : null;
    this.#schemaId = schemaId;
    this.#plan = table === undefined ? null : planChart(table, previous);
  }

  /** Where the chart's code does not load, the next draw tries again; the table is there without it. */
  async #load(): Promise<void> {
    const createChartView = await this.#options.loadChartView().catch(() => null);
    if (createChartView === null) {
      this.#loading = null;
      this.#element.hidden = true;
    }
    if (createChartView === null || this.#isClosed) return;
    this.#chart = createChartView({
      element: this.#canvas,
      onZoom: (start, end) => this.#zoomed(start, end),
    });
    const table = this.#options.read();
    if (table !== undefined && this.#plan !== null) this.#paint(table, this.#plan, this.#loadsForData);
  }

  #paint(table: TableReader, plan: ChartPlan, isData: boolean): void {
    const id = planId(plan, table.fields);
    const theme = this.#options.theme();
    const picture = chartPicture({
      table,
      plan,
      theme: CHART_THEMES[theme],
      texts: this.#options.texts,
      pixelColumns: Math.ceil(Math.max(200, this.#canvas.clientWidth) / this.#zoomShare),
    });
    if (this.#element.getAttribute('aria-label') !== picture.label) {
      this.#element.setAttribute('aria-label', picture.label);
    }
    const drawnId = `${theme} ${id}`;
    if (this.#drawnId !== '' && !this.#drawnId.endsWith(` ${id}`)) this.#reset();
    this.#chart?.draw(picture, drawnId !== this.#drawnId);
    this.#drawnId = drawnId;
    if (isData) this.#element.dataset.draws = String(++this.#draws);
  }

  /** Another picture altogether: zoom and legend choice begin anew. */
  #reset(): void {
    this.#chart?.reset();
    this.#zoomShare = 1;
    delete this.#element.dataset.zoom;
  }

  #zoomed(startPercent: number, endPercent: number): void {
    this.#element.dataset.zoom = `${startPercent.toFixed(2)}-${endPercent.toFixed(2)}`;
    const share = Math.max(0.001, (endPercent - startPercent) / 100);
    const isOther = share !== this.#zoomShare;
    this.#zoomShare = share;
    const table = this.#options.read();
    if (isOther && table !== undefined && this.#plan !== null && table.rowCount > 1000) {
      this.#paint(table, this.#plan, false);
    }
  }
}
