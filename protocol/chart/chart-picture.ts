import type { ChartOption } from './chart-option.ts';
import type { ChartPlan } from './chart-plan.ts';
import type { ChartSource } from './chart-source.ts';
import type { ChartTexts } from './chart-texts.ts';
import type { ChartTheme } from './chart-theme.ts';

/** A chart ready to draw: `frame` once per plan and theme, `data` with every commit. */
export interface ChartPicture {
  readonly frame: ChartOption;
  readonly data: ChartOption;
  /** The ids of the series, in order: where they change, series go or come. */
  readonly seriesIds: string;
  /** What the chart shows, in words. */
  readonly label: string;
  /** Of the numbers along the y axis. */
  readonly unit: string | null;
}

export interface ChartPictureInput {
  readonly table: ChartSource;
  readonly plan: ChartPlan;
  readonly theme: ChartTheme;
  readonly texts: ChartTexts;
  /** How many columns of pixels the whole x extent would take at the present zoom. */
  readonly pixelColumns: number;
  readonly title?: string;
  /** Of a picture that nobody can scroll, its width in pixels: the whole legend is shown. */
  readonly staticWidth?: number;
}
