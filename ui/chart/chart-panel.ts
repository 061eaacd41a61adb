import type { ChartPicture } from '../../protocol/chart/chart-picture.ts';
import { type ChartPlan, planChart, planId } from '../../protocol/chart/chart-plan.ts';
import { CHART_THEMES } from '../../protocol/chart/chart-theme.ts';
import type { PublishedOption } from '../../protocol/chart/clean-option.ts';
import { createPicture } from '../../protocol/chart/create-picture.ts';
import { publishedColumns } from '../../protocol/chart/published-columns.ts';
import { publishedPicture } from '../../protocol/chart/published-picture.ts';
import type { Texts } from '../locales/en.ts';
import type { DrawCause, View } from '../render-scheduler.ts';
import type { Theme } from '../shell/theme.ts';
import type { TableReader } from '../table-reader.ts';
import type { ChartView, ChartViewOptions } from './chart-view.ts';

export interface ChartPanelOptions {
  readonly parent: HTMLElement;
  readonly table: string;
  readonly read: () => TableReader | undefined;
  readonly theme: () => Theme;
  readonly texts: Texts;
  /** The chart that the table was published with. */
  readonly published: () => PublishedOption | null;
  /** Which columns are drawn, and how; chosen from the schema where absent. */
  readonly choosePlan?: (table: TableReader, previous: ChartPlan | null) => ChartPlan | null;
  /** Loads what published charts need beside lines and bars. */
  readonly loadPublishedParts: () => Promise<void>;
  readonly loadChartView: () => Promise<(options: ChartViewOptions) => ChartView>;
}

/** What is drawn: the published chart, or columns by plan. Equal ids draw into the same chart and keep its zoom. */
type Content = { readonly id: string } & (
  | { readonly type: 'plan'; readonly plan: ChartPlan }
  | { readonly type: 'published'; readonly option: PublishedOption }
);

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
  #hasPublishedParts = false;
  #content: Content | null = null;
  #plan: ChartPlan | null = null;
  #schemaId = '';
  #published: PublishedOption | null = null;
  #publishedCount = 0;
  /** A published chart that ECharts could not draw; the columns' own is shown instead. */
  #undrawable: PublishedOption | null = null;
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
    this.#content = table === undefined ? null : this.#chooseContent(table);
    this.#element.hidden = this.#content === null;
    if (this.#content === null) return;
    if (this.#isLoaded(this.#content)) return this.#paint(cause.isData);
    this.#loadsForData ||= cause.isData;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  /** Paints anew in the theme's colours; zoom and legend choice stay. */
  themeChanged(): void {
    this.#drawnId = '';
    if (this.#content !== null && this.#isLoaded(this.#content)) this.#paint(false);
  }

  close(): void {
    this.#isClosed = true;
    this.#resizeObserver.disconnect();
    this.#chart?.close();
    this.#chart = null;
    this.#element.remove();
  }

  #chooseContent(table: TableReader): Content | null {
    const option = this.#options.published();
    if (option !== this.#published) this.#publishedCount++;
    this.#published = option;
    if (option !== null && option !== this.#undrawable && publishedColumns(option, table.fields).isDrawable)
      return { type: 'published', option, id: `published ${this.#publishedCount}` };
    const plan = this.#choosePlan(table);
    return plan === null ? null : { type: 'plan', plan, id: planId(plan, table.fields) };
  }

  /** A plan that was chosen stays for as long as the columns do. */
  #choosePlan(table: TableReader): ChartPlan | null {
    const schemaId = JSON.stringify(table.fields.map((field) => [field.name, field.type.kind]));
    const previous = schemaId === this.#schemaId ? this.#plan : null;
    this.#schemaId = schemaId;
    this.#plan = (this.#options.choosePlan ?? planChart)(table, previous);
    return this.#plan;
  }

  #isLoaded({ type }: Content): boolean {
    return this.#chart !== null && (type === 'plan' || this.#hasPublishedParts);
  }

  /** Where the chart's code does not load, the next draw tries again; the table is there without it. */
  async #load(): Promise<void> {
    try {
      const createChartView = await this.#options.loadChartView();
      if (this.#content?.type === 'published') {
        await this.#options.loadPublishedParts();
        this.#hasPublishedParts = true;
      }
      if (this.#isClosed) return;
      this.#chart ??= createChartView({
        element: this.#canvas,
        onZoom: (start, end) => this.#zoomed(start, end),
      });
    } catch {
      this.#element.hidden = true;
      return;
    }
    // What came meanwhile may need more.
    if (this.#content !== null && !this.#isLoaded(this.#content)) return this.#load();
    this.#paint(this.#loadsForData);
    this.#loadsForData = false;
  }

  #paint(isData: boolean): void {
    const table = this.#options.read();
    if (table === undefined || this.#content === null || this.#chart === null) return;
    try {
      this.#paintContent(this.#chart, this.#content, table);
    } catch (error) {
      if (this.#content.type === 'plan') throw error;
      this.#undrawable = this.#content.option;
      this.#content = this.#chooseContent(table);
      this.#element.hidden = this.#content === null;
      if (this.#content !== null) this.#paintContent(this.#chart, this.#content, table);
    }
    if (isData) this.#element.dataset.draws = String(++this.#draws);
  }

  #paintContent(chart: ChartView, content: Content, table: TableReader): void {
    const theme = this.#options.theme();
    const picture = this.#pictureOf(content, table, theme);
    if (this.#element.getAttribute('aria-label') !== picture.label) {
      this.#element.setAttribute('aria-label', picture.label);
    }
    const drawnId = `${theme} ${content.id}`;
    const isOther = this.#drawnId !== '' && !this.#drawnId.endsWith(` ${content.id}`);
    if (isOther) this.#reset();
    const isNewFrame = drawnId !== this.#drawnId;
    this.#drawnId = drawnId;
    chart.draw(picture, isNewFrame);
  }

  #pictureOf(content: Content, table: TableReader, theme: Theme): ChartPicture {
    const input = { table, theme: CHART_THEMES[theme], texts: this.#options.texts };
    if (content.type === 'published') return publishedPicture({ ...input, option: content.option });
    const pixelColumns = Math.ceil(Math.max(200, this.#canvas.clientWidth) / this.#zoomShare);
    return createPicture({ ...input, plan: content.plan, pixelColumns });
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
    // Published charts are reduced by ECharts itself, at every zoom.
    const isReduced = this.#content?.type === 'plan' && (this.#options.read()?.rowCount ?? 0) > 1000;
    if (isOther && isReduced) this.#paint(false);
  }
}
