import { type ChartParameters, DEFAULT_CHART_PARAMETERS } from '../../protocol/chart/chart-parameters.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { TableStore } from '../tables/table-store.ts';
import { ByteCache } from './byte-cache.ts';
import type { ChartDrawer } from './chart-drawer.ts';
import { createChartJob } from './chart-job.ts';
import type { ChartFormat, ChartRenderer, ChartRequest, DrawnChart } from './chart-renderer.ts';

export interface QueuedChartRendererOptions {
  readonly store: TableStore;
  readonly drawer: ChartDrawer;
  /** Different charts that may wait; one more is refused (`charts_busy`). */
  readonly maxWaiting?: number;
  /** Of drawn charts, each kept until its table has changed and it is drawn anew. */
  readonly maxCacheBytes?: number;
}

export const CONTENT_TYPES: Readonly<Record<ChartFormat, string>> = {
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  png: 'image/png',
  html: 'text/html; charset=utf-8',
};

/** Opened by itself, a drawing runs nothing and fetches nothing. */
const SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const MAX_WAITING = 64;
const MAX_CACHE_BYTES = 64 * 1024 * 1024;

/** One drawing that several requests may wait for. */
interface Drawing {
  readonly id: string;
  readonly request: ChartRequest;
  readonly promise: Promise<DrawnChart>;
  readonly resolve: (chart: DrawnChart) => void;
  readonly reject: (error: unknown) => void;
  /** The table's last change that it shows; null while it waits, for it will show the latest. */
  changed: number | null;
}

/**
 * Charts drawn one after the other. A request joins an equal one that waits, for that is drawn from the table as it is
 * when its turn comes, and one that is being drawn while the table has not changed since.
 */
export class QueuedChartRenderer implements ChartRenderer {
  readonly #options: QueuedChartRendererOptions;
  readonly #cache: ByteCache<DrawnChart>;
  readonly #waiting = new Map<string, Drawing>();
  #running: Drawing | null = null;
  #isClosed = false;

  constructor(options: QueuedChartRendererOptions) {
    this.#options = options;
    this.#cache = new ByteCache({ maxBytes: options.maxCacheBytes ?? MAX_CACHE_BYTES });
  }

  async render(request: ChartRequest): Promise<DrawnChart> {
    if (this.#isClosed) throw stopping();
    const { store, maxWaiting = MAX_WAITING } = this.#options;
    const { changed } = store.table(request.table).history;
    const id = idOf(request);
    const known = this.#cache.get(id);
    // A version changes a table once, so a table that was dropped and came again is another one.
    if (known?.changed === changed) return { ...known, version: store.version };
    if (this.#running?.id === id && this.#running.changed === changed) return this.#running.promise;
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) return waiting.promise;
    if (this.#waiting.size >= maxWaiting) {
      throw new TablecastError(
        'charts_busy',
        `${maxWaiting} charts wait to be drawn; ask again in a second.`,
      );
    }
    const drawing = createDrawing(id, request);
    this.#waiting.set(id, drawing);
    this.#next();
    return drawing.promise;
  }

  #next(): void {
    if (this.#running !== null) return;
    const [drawing] = this.#waiting.values();
    if (drawing === undefined) return;
    this.#waiting.delete(drawing.id);
    this.#running = drawing;
    void this.#draw(drawing)
      .then(drawing.resolve, drawing.reject)
      .then(() => {
        this.#running = null;
        this.#next();
      });
  }

  async #draw(drawing: Drawing): Promise<DrawnChart> {
    const { store, drawer } = this.#options;
    const { format, table: name, parameters = DEFAULT_CHART_PARAMETERS } = drawing.request;
    const table = store.table(name);
    const { version } = store;
    const { changed } = table.history;
    drawing.changed = changed;
    const { bytes, missingGlyphs, policy } = await drawer.draw(createChartJob(table, format, parameters));
    const chart: DrawnChart = {
      bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      contentType: CONTENT_TYPES[format],
      version,
      changed,
      missingGlyphs,
      policy: policy ?? (format === 'svg' ? SVG_POLICY : null),
    };
    // In the place of the one before, which nobody can ask for any more.
    this.#cache.set(drawing.id, chart, bytes.byteLength + 2 * drawing.id.length);
    return chart;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const drawing of this.#waiting.values()) drawing.reject(stopping());
    this.#waiting.clear();
    await this.#options.drawer.close();
  }
}

/** Equal requests have equal ids, however their parameters were given. */
function idOf({ table, format, parameters = DEFAULT_CHART_PARAMETERS }: ChartRequest): string {
  const { type, x, y, series, width, height, theme, title }: ChartParameters = parameters;
  return JSON.stringify([table, format, type, x, y, series, width, height, theme, title]);
}

function createDrawing(id: string, request: ChartRequest): Drawing {
  const { promise, resolve, reject } = withResolvers<DrawnChart>();
  // Whoever waits for it is told; nobody may be waiting any more.
  promise.catch(() => {});
  return { id, request, promise, resolve, reject, changed: null };
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

function stopping(): TablecastError {
  return new TablecastError('shutting_down', 'The gateway is stopping and draws no more charts.');
}
