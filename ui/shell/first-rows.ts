import { effect, type ReadonlySignal, signal } from '@preact/signals-core';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { LiveTable } from '../../protocol/table/live-table.ts';

/** A replica that comes sooner is shown at once. */
const PATIENCE_MS = 250;
/** More than a screen holds. */
const FIRST_ROWS = 200;

/** The beginning of a table whose replica is still on its way. */
export interface FirstRows {
  readonly table: LiveTable;
  /** Of the whole table. */
  readonly rowCount: number;
}

export interface FirstRowsOptions {
  /** Ends with a slash. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly after: (delayMs: number, callback: () => void) => () => void;
  readonly selected: ReadonlySignal<string | null>;
  /** Whether the replica is there: then nothing is loading. */
  readonly hasVersion: ReadonlySignal<boolean>;
}

export interface FirstRowsLoader {
  /** Of the chosen table; null where they are not there, or no longer needed. */
  readonly rows: ReadonlySignal<FirstRows | null>;
  close(): void;
}

/** Reads the first rows of the chosen table over HTTP where the page's first snapshot lets wait for itself. */
export function loadFirstRows(options: FirstRowsOptions): FirstRowsLoader {
  const rows = signal<FirstRows | null>(null);
  const stop = effect(() => {
    const name = options.selected.value;
    rows.value = null;
    if (name === null || options.hasVersion.value) return;
    const abort = new AbortController();
    const cancel = options.after(PATIENCE_MS, () => {
      void read(options, name, abort.signal).then((found) => {
        if (!abort.signal.aborted) rows.value = found;
      });
    });
    return () => {
      cancel();
      abort.abort();
    };
  });
  return { rows, close: stop };
}

/** Null where they cannot be had: the replica brings them, or says why not. */
async function read(options: FirstRowsOptions, name: string, signal: AbortSignal): Promise<FirstRows | null> {
  try {
    const url = `${options.baseUrl}tables/${encodeURIComponent(name)}.arrow?limit=${FIRST_ROWS}`;
    const response = await options.fetch(url, { signal });
    if (!response.ok) return null;
    const version = Number(response.headers.get('tablecast-version'));
    const { fields, batches } = readIpc(new Uint8Array(await response.arrayBuffer()));
    const table = new LiveTable(name);
    table.write({ op: 'replace', key: null, fields, batches }, { version, timeMs: 0 });
    return { table, rowCount: Number(response.headers.get('tablecast-rows')) };
  } catch {
    return null;
  }
}
