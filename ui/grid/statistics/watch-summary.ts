import type { LiveTable } from '../../../protocol/table/live-table.ts';
import { type ColumnSummary, summarize } from './column-summary.ts';

/** A slice ends after so long, to leave frames their time. */
const SLICE_MS = 5;
/** Between slices, and at least between two runs; a run that took long is followed by a rest as long. */
const SLICE_GAP_MS = 8;
const RUN_GAP_MS = 500;

export interface WatchSummaryOptions {
  readonly read: () => LiveTable | undefined;
  readonly column: string;
  readonly nowMs: () => number;
  readonly after: (delayMs: number, callback: () => void) => () => void;
  readonly onSummary: (summary: ColumnSummary) => void;
}

export interface SummaryWatch {
  /** The table changed. */
  changed(): void;
  close(): void;
}

/** Tells a column's summary now, and again while the table changes. */
export function watchSummary(options: WatchSummaryOptions): SummaryWatch {
  let cancel = (): void => {};
  let isRunning = false;
  let isChanged = false;
  let isClosed = false;

  function begin(): void {
    const table = options.read();
    const column = table?.fields.findIndex((field) => field.name === options.column) ?? -1;
    isChanged = false;
    if (table === undefined || column < 0) return;
    isRunning = true;
    slice(summarize(table, column), options.nowMs());
  }

  function slice(run: Generator<void, ColumnSummary>, begunAtMs: number): void {
    const sliceAtMs = options.nowMs();
    let step = run.next();
    while (step.done !== true && options.nowMs() - sliceAtMs < SLICE_MS) step = run.next();
    if (step.done !== true) {
      cancel = options.after(SLICE_GAP_MS, () => slice(run, begunAtMs));
      return;
    }
    options.onSummary(step.value);
    if (isClosed) return;
    cancel = options.after(Math.max(RUN_GAP_MS, options.nowMs() - begunAtMs), () => {
      isRunning = false;
      if (isChanged) begin();
    });
  }

  begin();
  return {
    changed() {
      isChanged = true;
      if (!isRunning && !isClosed) begin();
    },
    close() {
      isClosed = true;
      cancel();
    },
  };
}
