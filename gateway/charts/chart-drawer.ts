import type { ChartJob } from './chart-job.ts';

export interface DrawnPicture {
  readonly bytes: Uint8Array;
  readonly missingGlyphs: readonly string[];
  /** The Content-Security-Policy that a page is to be served with. */
  readonly policy?: string;
}

/** Draws one job at a time, somewhere. */
export interface ChartDrawer {
  /** @throws TablecastError `chart_failed`, `shutting_down` */
  draw(job: ChartJob): Promise<DrawnPicture>;
  close(): Promise<void>;
}
