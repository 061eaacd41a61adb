import type { PublishedOption } from '../../protocol/chart/clean-option.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Op, Retention } from '../../protocol/header.ts';
import { type CommitPoint, LiveTable } from '../../protocol/table/live-table.ts';
import type { Publication } from './publication.ts';
import { RowRate } from './row-rate.ts';
import { type HistoryLimits, TableHistory } from './table-history.ts';

export interface LastError {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly at_ms: number;
}

/** One table of the store: its rows, its past, what waits for a commit, and what people are told of it. */
export class StoredTable {
  readonly name: string;
  readonly live: LiveTable;
  readonly history: TableHistory;
  readonly rate = new RowRate();
  stage: Publication[] = [];
  retention: Retention | null = null;
  chart: PublishedOption | null = null;
  /** The version in which the chart last changed; 0 where none was published. */
  chartChanged = 0;
  op: Op = 'replace';
  lastPublicationMs = 0;
  lastError: LastError | null = null;
  /** When the first publication came in; the order of `GET /tables`. */
  readonly createdAtMs: number;

  constructor(name: string, limits: HistoryLimits, createdAtMs: number) {
    this.name = name;
    this.live = new LiveTable(name, { keepsDeletions: true });
    this.history = new TableHistory(limits);
    this.createdAtMs = createdAtMs;
  }

  /** Commits the whole stage and applies retention; the rows that were published, null where nothing changed. */
  commitStage(at: CommitPoint): { readonly rows: number } | null {
    const publications = this.stage;
    this.stage = [];
    let rows = 0;
    let bytes = 0;
    let changed = false;
    let columns: Set<string> | null = new Set();
    for (const publication of publications) {
      const fieldsBefore = this.live.fields;
      const rowsBefore = this.live.rowCount;
      const begins =
        publication.op !== 'delete' && (publication.op === 'replace' || fieldsBefore.length === 0);
      this.live.write(publication, at);
      if (begins) this.history.restart();
      const isOtherChart = this.#remember(publication, at);
      rows += publication.rowCount;
      bytes += publication.byteLength;
      if (publication.op !== 'delete') columns = withColumns(columns, publication, this.live.fields.length);
      const wrote =
        publication.op === 'delete' ? this.live.rowCount !== rowsBefore : publication.rowCount > 0;
      changed ||= begins || wrote || this.live.fields !== fieldsBefore || isOtherChart;
    }
    this.rate.add(rows, at.timeMs);
    return this.#finish({ changed, rows, bytes, columns }, at);
  }

  /** Applies retention alone; null where every row stays. */
  trim(at: CommitPoint): { readonly rows: number } | null {
    return this.#finish({ changed: false, rows: 0, bytes: 0, columns: new Set() }, at);
  }

  #finish(
    work: { changed: boolean; rows: number; bytes: number; columns: ReadonlySet<string> | null },
    at: CommitPoint,
  ): { readonly rows: number } | null {
    const gone = this.retention === null ? 0 : this.live.trim(this.retention, at);
    this.live.tidy();
    if (!work.changed && gone === 0) return null;
    this.history.add(this.live, {
      version: at.version,
      timeMs: at.timeMs,
      columns: work.columns,
      bytes: work.bytes,
    });
    return { rows: work.rows };
  }

  /** Whether the chart is another one now. */
  #remember(publication: Publication, at: CommitPoint): boolean {
    this.op = publication.op;
    this.lastPublicationMs = publication.receivedAtMs;
    if (publication.retention !== undefined) this.retention = publication.retention;
    const { chart } = publication;
    if (chart === undefined || JSON.stringify(chart) === JSON.stringify(this.chart)) return false;
    this.chart = chart;
    this.chartChanged = at.version;
    return true;
  }

  /** Whether rows have outlived `max_age_ms` at that time. */
  hasExpired(nowMs: number): boolean {
    const maxAgeMs = this.retention?.max_age_ms;
    if (maxAgeMs === undefined) return false;
    const oldest = this.live.oldestTimeMs();
    return oldest !== null && oldest <= nowMs - maxAgeMs;
  }
}

function withColumns(
  columns: Set<string> | null,
  publication: Publication,
  width: number,
): Set<string> | null {
  if (columns === null || publication.fields.length >= width) return null;
  for (const field of publication.fields) columns.add(field.name);
  return columns;
}
