import type { ChartType } from './chart-type.ts';

export type ChartThemeName = 'light' | 'dark';

/** What a reader may choose of a chart; columns by name. What is absent is chosen from the table. */
export interface ChartParameters {
  readonly type?: ChartType;
  /** Null: the row number. */
  readonly x?: string | null;
  readonly y?: readonly string[];
  readonly series?: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  readonly theme: ChartThemeName;
  readonly title?: string;
}

export const DEFAULT_CHART_PARAMETERS: ChartParameters = { width: 800, height: 400, theme: 'light' };

/** What may be asked for: pixels of a side, characters of a heading. */
export const CHART_LIMITS = { minPixels: 100, maxPixels: 4000, maxTitleLength: 200 } as const;

/** Whether the reader chose what is shown, instead of the published chart. */
export function choosesColumns({ type, x, y, series }: ChartParameters): boolean {
  return [type, x, y, series].some((choice) => choice !== undefined);
}
