import { computed, effect, type ReadonlySignal, signal } from '@preact/signals-core';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { LiveTable } from '../../protocol/table/live-table.ts';

/** A replica that comes sooner is shown at once; while a page opens everything takes longer. */
const PATIENCE_MS = { opening: 250, open: 100 } as const;
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
  /** Whether any version is drawn. */
  readonly hasVersion: ReadonlySignal<boolean>;
  /** Whether this table is asked for and has not come. */
  readonly isAwaited: (table: string) => boolean;
  /** Whether the gateway says that there is something of it. */
  readonly hasRows: (table: string) => boolean;
  /** A paused page shows nothing newer than its other tables. */
  readonly isPaused: () => boolean;
}

export interface FirstRowsLoader {
  /** Of the chosen table; null where they are not there, or no longer needed. */
  readonly rows: ReadonlySignal<FirstRows | null>;
  close(): void;
}

/** Reads the first rows of the chosen table over HTTP where its snapshot lets wait for itself. */
export function loadFirstRows(options: FirstRowsOptions): FirstRowsLoader {
  const { selected, hasVersion, isAwaited, hasRows, isPaused } = options;
  const found = signal<FirstRows | null>(null);
  const loading = computed(() => {
    const name = selected.value;
    return name !== null && isAwaited(name) && hasRows(name) && !isPaused() ? name : null;
  });
  const stop = effect(() => {
    const name = loading.value;
    found.value = null;
    if (name === null) return;
    const abort = new AbortController();
    const cancel = options.after(hasVersion.peek() ? PATIENCE_MS.open : PATIENCE_MS.opening, () => {
      void read(options, name, abort.signal).then((rows) => {
        if (!abort.signal.aborted) found.value = rows;
      });
    });
    return () => {
      cancel();
      abort.abort();
    };
  });
  // Another table may be chosen that is loading too.
  const rows = computed(() => (found.value?.table.name === loading.value ? found.value : null));
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
