import type { ChartPicture } from '../../protocol/chart/chart-picture.ts';
import type { ChartPlan } from '../../protocol/chart/chart-plan.ts';
import type { ChartTheme } from '../../protocol/chart/chart-theme.ts';
import type { PublishedOption } from '../../protocol/chart/clean-option.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { Texts } from '../locales/en.ts';
import type { Locale } from '../locales/locale.ts';
import type { TableReader } from '../table-reader.ts';
import type { ChartView, ChartViewOptions } from './chart-view.ts';

/** What is drawn: columns by plan, the published chart, or the one that the viewer shaped. Equal ids, equal content. */
export type ChartContent = { readonly id: string } & (
  | { readonly type: 'plan'; readonly plan: ChartPlan }
  | { readonly type: 'published'; readonly option: PublishedOption }
  | { readonly type: 'spec'; readonly text: string }
);

/** What charts read of a table; where its rows can be read as a whole, large ones are drawn beside the page's own work. */
export type ChartTable = TableReader & Partial<Pick<LiveTable, 'read'>>;

export interface ContentPicture {
  readonly picture: ChartPicture;
  /** Equal for one chart, which keeps its zoom while its frame changes. */
  readonly chartId: string;
}

export interface ContentInput {
  readonly table: ChartTable;
  readonly theme: ChartTheme;
  readonly texts: Texts;
  readonly locale: Locale;
  readonly pixelColumns: number;
}

/** All that drawing charts takes; it is loaded when the first one is shown. */
export interface ChartCode {
  createView(options: ChartViewOptions): ChartView;
  /** Whether everything is there that a content needs. */
  isPrepared(content: ChartContent): boolean;
  /** Loads what else a content needs. */
  prepare(content: ChartContent): Promise<void>;
  /**
   * At once, or a moment later for large tables; null where the table has other columns by then, which the next draw
   * shows. Rejects once closed.
   *
   * @throws TablecastError where the shaped chart does not fit the table
   */
  pictureOf(content: ChartContent, input: ContentInput): ContentPicture | Promise<ContentPicture | null>;
  close(): void;
}
