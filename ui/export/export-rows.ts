import { createArrowEncoder } from './arrow-encoder.ts';
import { createCsvEncoder } from './csv-encoder.ts';
import { createJsonEncoder } from './json-encoder.ts';
import type { ExportFormat, ExportSource, RowEncoder } from './row-encoder.ts';
import { createXlsxEncoder } from './xlsx-encoder.ts';

export interface ExportOptions extends ExportSource {
  readonly format: ExportFormat;
  /** Positions of the rows in the order of the file. */
  readonly rows: Uint32Array;
  readonly signal: AbortSignal;
  readonly onProgress: (rowsDone: number) => void;
  /** Any clock that only grows, milliseconds. */
  readonly nowMs: () => number;
  /** Lets the browser draw and answer before the next slice. */
  readonly nextSlice: () => Promise<void>;
}

/** The page stays at hand: after so long others have their turn. */
const SLICE_MS = 8;
/** Cells written between two looks at the clock. */
const STEP_CELLS = 2048;

const ENCODERS: Readonly<Record<ExportFormat, (source: ExportSource) => RowEncoder>> = {
  csv: createCsvEncoder,
  json: createJsonEncoder,
  arrow: createArrowEncoder,
  xlsx: createXlsxEncoder,
};

/**
 * Writes rows of one table at one version to a file, in slices.
 *
 * @throws the signal's reason once it is aborted; RangeError where the format cannot hold so much
 */
export async function exportRows(options: ExportOptions): Promise<Blob> {
  const { rows, columns, signal, nowMs } = options;
  const encoder = ENCODERS[options.format](options);
  const stepRows = Math.max(1, Math.floor(STEP_CELLS / Math.max(1, columns.length)));
  let sliceStartMs = nowMs();
  for (let start = 0; start < rows.length; start += stepRows) {
    signal.throwIfAborted();
    await encoder.write(rows.subarray(start, start + stepRows));
    if (nowMs() - sliceStartMs < SLICE_MS) continue;
    options.onProgress(Math.min(rows.length, start + stepRows));
    await options.nextSlice();
    sliceStartMs = nowMs();
  }
  signal.throwIfAborted();
  const file = await encoder.finish();
  signal.throwIfAborted();
  return file;
}
