import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { ExportFormat } from '../export/row-encoder.ts';
import { saveFile } from '../export/save-file.ts';
import { FrozenTable } from './frozen-table.ts';
import type { ShownView } from './shown-view.ts';

/** An export that runs. */
export interface ExportJob {
  readonly format: ExportFormat;
  /** 0 to 1. */
  readonly progress: ReadonlySignal<number>;
  /** Settles when the file was handed to the browser, or the job was called off; rejects where it failed. */
  readonly done: Promise<void>;
  cancel(): void;
}

export interface ExportJobOptions {
  readonly format: ExportFormat;
  readonly name: string;
  readonly table: LiveTable;
  /** Null for all of the table. */
  readonly view: ShownView | null;
}

/** Writes the table as it is now to a file, while the page goes on, and hands it to the browser. */
export function startExport({ format, name, table, view }: ExportJobOptions): ExportJob {
  const progress = signal(0);
  const abort = new AbortController();
  const frozen = new FrozenTable(table);
  const columns = view?.columns ?? table.fields.map((_, column) => column);
  const rows = view?.rows() ?? Uint32Array.from({ length: table.rowCount }, (_, row) => row);

  async function run(): Promise<void> {
    const { exportRows } = await import('../export/export-rows.ts');
    const file = await exportRows({
      format,
      table: frozen,
      name,
      columns,
      rows,
      signal: abort.signal,
      onProgress: (done) => {
        progress.value = done / rows.length;
      },
      nowMs: () => performance.now(),
      nextSlice: () => new Promise((resolve) => setTimeout(resolve)),
    });
    saveFile(file, `${name}.${format}`);
  }

  return {
    format,
    progress,
    done: run().catch((error: unknown) => {
      if (!abort.signal.aborted) throw error;
    }),
    cancel: () => abort.abort(),
  };
}
