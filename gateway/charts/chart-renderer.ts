import type { ChartParameters } from '../../protocol/chart/chart-parameters.ts';

/** `json`: the ECharts option with its data; `html`: one page that needs no network. */
export type ChartFormat = 'json' | 'svg' | 'png' | 'html';

export interface ChartRequest {
  readonly table: string;
  readonly format: ChartFormat;
  /** Absent, the table's published chart or one chosen from its schema. */
  readonly parameters?: ChartParameters;
}

export interface DrawnChart {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** The gateway's version that it shows. */
  readonly version: number;
  /** The version of the table's last change that it shows. */
  readonly changed: number;
  /** Characters that no font here has, in a PNG; each once, at most 100. */
  readonly missingGlyphs: readonly string[];
  /** The Content-Security-Policy to serve it with; null where it is no document. */
  readonly policy: string | null;
}

/** Draws the charts of tables, away from the event loop. */
export interface ChartRenderer {
  /**
   * The chart of a table as it is now. Equal requests share one drawing, and get it again until the table changes.
   *
   * @throws TablecastError `no_such_table`, `bad_parameter`, `no_chart`, `charts_busy`, `chart_failed`, `shutting_down`
   */
  render(request: ChartRequest): Promise<DrawnChart>;
  close(): Promise<void>;
}
