import { type ReadonlySignal, signal } from '@preact/signals-core';
import { type ChartPlan, planChart, planId } from '../../protocol/chart/chart-plan.ts';
import { type ChartTheme, chartTheme, type RisingColour } from '../../protocol/chart/chart-theme.ts';
import type { PublishedOption } from '../../protocol/chart/clean-option.ts';
import { publishedColumns } from '../../protocol/chart/published-columns.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { Texts } from '../locales/en.ts';
import type { Locale } from '../locales/locale.ts';
import type { DrawCause, View } from '../render-scheduler.ts';
import type { Theme } from '../shell/theme.ts';
import type { TableReader } from '../table-reader.ts';
import type { ChartCode, ChartContent, ChartTable, ContentPicture } from './chart-content.ts';
import type { ChartView, ImageFormat } from './chart-view.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { unawaited } from './unawaited.ts';

export interface ChartPanelOptions {
  readonly parent: HTMLElement;
  readonly table: string;
  readonly read: () => ChartTable | undefined;
  readonly theme: () => Theme;
  readonly rising: () => RisingColour;
  readonly texts: Texts;
  readonly locale: Locale;
  /** The chart that the table was published with. */
  readonly published: () => PublishedOption | null;
  /** Which columns are drawn, and how; chosen from the schema where absent. */
  readonly choosePlan?: (table: TableReader, previous: ChartPlan | null) => ChartPlan | null;
  /** The JSON of the chart that the viewer shaped, which wins. */
  readonly spec: () => string | null;
  readonly loadCode: () => Promise<ChartCode>;
  /** What failed of a draw that nobody waits for. */
  readonly onError: (error: unknown) => void;
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
  readonly #isShown = signal(false);
  readonly #problem = signal<TablecastError | null>(null);
  #code: ChartCode | null = null;
  #chart: ChartView | null = null;
  /** Settles when what it loaded is painted; null from when it is loaded, so that what is painted may load more. */
  #loading: Promise<void> | null = null;
  readonly #painting = new OneAtATime();
  /** What was to be painted cannot be, and the next best is not drawn yet. */
  #gaveWay = false;
  /** A commit came that no draw has shown yet. */
  #owesData = false;
  #content: ChartContent | null = null;
  #plan: ChartPlan | null = null;
  #schemaId = '';
  #published: PublishedOption | null = null;
  #publishedCount = 0;
  /** A published chart that ECharts could not draw; the columns' own is shown instead. */
  #undrawable: PublishedOption | null = null;
  /** A shaped chart that does not fit these columns; the table's own is shown instead. */
  #unfit = '';
  #drawn: { readonly chartId: string; readonly frameId: string } | null = null;
  #zoomShare = 1;
  /** As told last, 0 where hidden; asking for it in each draw would make the browser lay out the page once more. */
  #widthPx = 0;
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
    this.#resizeObserver = new ResizeObserver(([entry]) => {
      this.#widthPx = entry?.contentRect.width ?? 0;
      this.#chart?.resize();
    });
    this.#resizeObserver.observe(this.#canvas);
  }

  /** Whether there is a chart on screen. */
  get isShown(): ReadonlySignal<boolean> {
    return this.#isShown;
  }

  /** Why the chart that the viewer shaped is not what is shown. */
  get problem(): ReadonlySignal<TablecastError | null> {
    return this.#problem;
  }

  draw(cause: DrawCause): void | Promise<void> {
    if (this.#isClosed) return;
    const table = this.#options.read();
    this.#take(table === undefined ? null : this.#chooseContent(table));
    if (this.#content === null) return;
    this.#owesData ||= cause.isData;
    return this.#drawContent();
  }

  /** Paints anew in the colours of now; zoom and legend choice stay. */
  themeChanged(): void {
    if (this.#drawn !== null) this.#drawn = { ...this.#drawn, frameId: '' };
    if (this.#content !== null && this.#isLoaded(this.#content))
      unawaited(() => this.#paint(), this.#options.onError);
  }

  /** The chart as it is on screen. */
  async image(format: ImageFormat): Promise<Blob> {
    if (this.#chart === null) throw new Error('No chart is on screen.');
    return this.#chart.image(format, this.#theme().surface);
  }

  close(): void {
    this.#isClosed = true;
    this.#resizeObserver.disconnect();
    this.#closeChart();
    this.#code?.close();
    this.#element.remove();
  }

  #drawContent(): void | Promise<void> {
    if (this.#content === null) return;
    if (this.#isLoaded(this.#content)) return this.#paint();
    this.#loading ??= this.#load()
      .finally(() => {
        this.#loading = null;
      })
      // What came meanwhile may need more.
      .then((isLoaded) => (isLoaded ? this.#drawContent() : undefined));
    return this.#loading;
  }

  #closeChart(): void {
    this.#chart?.close();
    this.#chart = null;
    this.#drawn = null;
    this.#zoomShare = 1;
    delete this.#element.dataset.zoom;
  }

  #take(content: ChartContent | null): void {
    this.#content = content;
    this.#show(content !== null);
  }

  #show(isShown: boolean): void {
    this.#element.hidden = !isShown;
    this.#isShown.value = isShown;
  }

  #theme(): ChartTheme {
    return chartTheme(this.#options.theme(), this.#options.rising());
  }

  #chooseContent(table: TableReader): ChartContent | null {
    const plan = this.#choosePlan(table);
    const text = this.#options.spec();
    if (text === null || text + this.#schemaId !== this.#unfit) {
      this.#problem.value = null;
      this.#unfit = '';
      if (text !== null) return { type: 'spec', text, id: text };
    }
    const option = this.#options.published();
    if (option !== this.#published) this.#publishedCount++;
    this.#published = option;
    if (option !== null && option !== this.#undrawable && publishedColumns(option, table.fields).isDrawable)
      return { type: 'published', option, id: `published ${this.#publishedCount}` };
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

  #isLoaded(content: ChartContent): boolean {
    return this.#chart !== null && this.#code?.isPrepared(content) === true;
  }

  /** Where the chart's code does not load, the next draw tries again; the table is there without it. */
  async #load(): Promise<boolean> {
    try {
      this.#code ??= await this.#options.loadCode();
      if (this.#content !== null && !this.#code.isPrepared(this.#content)) {
        await this.#code.prepare(this.#content);
        // A chart draws with the parts that were there when it was made.
        this.#closeChart();
      }
      if (this.#isClosed) return false;
      this.#chart ??= this.#code.createView({
        element: this.#canvas,
        locale: this.#options.locale,
        onZoom: (start, end) => this.#zoomed(start, end),
      });
      return true;
    } catch {
      this.#show(false);
      return false;
    }
  }

  #paint(): void | Promise<void> {
    const painted = this.#painting.run(() => this.#paintNow());
    return painted === undefined ? this.#drawNextBest() : painted.then(() => this.#drawNextBest());
  }

  /** Never while painting, which would wait for itself. */
  #drawNextBest(): void | Promise<void> {
    if (!this.#gaveWay) return;
    this.#gaveWay = false;
    return this.draw({ isData: false, droppedFirst: 0 });
  }

  #paintNow(): void | Promise<void> {
    const table = this.#options.read();
    const content = this.#content;
    if (table === undefined || content === null || this.#code === null || !this.#isLoaded(content)) return;
    const { texts, locale } = this.#options;
    const theme = this.#theme();
    this.#widthPx ||= this.#canvas.clientWidth;
    const pixelColumns = Math.ceil(Math.max(200, this.#widthPx) / this.#zoomShare);
    try {
      const made = this.#code.pictureOf(content, { table, theme, texts, locale, pixelColumns });
      if (!(made instanceof Promise)) return this.#paintPicture(made, content, theme);
      return made
        .then((later) => this.#paintPicture(later, content, theme))
        .catch((error: unknown) => this.#giveWay(content, error));
    } catch (error) {
      this.#giveWay(content, error);
    }
  }

  /**
   * What cannot be drawn gives way to the next best, where it is still wanted.
   *
   * @throws where there is nothing to take its place
   */
  #giveWay(content: ChartContent, error: unknown): void {
    if (this.#isClosed || this.#content?.id !== content.id) return;
    if (content.type === 'plan') throw error;
    if (content.type === 'published') this.#undrawable = content.option;
    else {
      this.#unfit = content.text + this.#schemaId;
      this.#problem.value =
        error instanceof TablecastError
          ? error
          : new TablecastError('chart_failed', String(error), { cause: error });
    }
    this.#gaveWay = true;
  }

  /** A picture that was made for what is shown no more is left. */
  #paintPicture(made: ContentPicture | null, content: ChartContent, theme: ChartTheme): void {
    if (made === null || this.#chart === null || this.#content?.id !== content.id) return;
    const { picture, chartId } = made;
    if (this.#drawn !== null && this.#drawn.chartId !== chartId) this.#reset();
    const frameId = `${theme.surface} ${theme.up} ${chartId} ${content.id}`;
    const isNewFrame = frameId !== this.#drawn?.frameId;
    this.#drawn = { chartId, frameId };
    this.#chart.draw(picture, isNewFrame);
    if (this.#element.getAttribute('aria-label') !== picture.label) {
      this.#element.setAttribute('aria-label', picture.label);
    }
    if (this.#owesData) this.#element.dataset.draws = String(++this.#draws);
    this.#owesData = false;
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
    const isReduced = this.#content?.type !== 'published' && (this.#options.read()?.rowCount ?? 0) > 1000;
    if (isOther && isReduced) unawaited(() => this.#paint(), this.#options.onError);
  }
}
