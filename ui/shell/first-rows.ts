import { computed, effect, type ReadonlySignal, signal } from '@preact/signals-core';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { LiveTable } from '../../protocol/table/live-table.ts';

/** A replica that comes sooner is shown at once; while a page opens everything takes longer. */
const PATIENCE_MS = { opening: 250, open: 100 } as const;
/** A replica of so many bytes takes longer than that: nobody waits for it. */
const LONG_BYTES = 8 * 1024 * 1024;
/** So long a snapshot is put off at most for first rows, which a gateway that has begun with one would answer after it. */
const LONGEST_HOLD_MS = 500;
/** More than a screen holds. */
const FIRST_ROWS = 200;

/** The beginning of a table whose replica is still on its way. */
export interface FirstRows {
  readonly table: LiveTable;
  /** Of the whole table. */
  readonly rowCount: number;
}

export interface TableSize {
  readonly rows: number;
  readonly bytes: number;
}

export interface FirstRowsOptions {
  /** Ends with a slash. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly after: (delayMs: number, callback: () => void) => () => void;
  /** Null for none. */
  readonly table: ReadonlySignal<string | null>;
  /** Whether any version is drawn. */
  readonly hasVersion: ReadonlySignal<boolean>;
  /** Whether this table is asked for and has not come. */
  readonly isAwaited: (table: string) => boolean;
  /** Whether the gateway has said what tables there are, … */
  readonly isListed: ReadonlySignal<boolean>;
  /** … and how large this one is; null where it is none of them. */
  readonly sizeOf: (table: string) => TableSize | null;
  /** Puts its snapshot off until the function that this answers is called. */
  readonly hold: (table: string) => () => void;
  /** A paused page shows nothing newer than its other tables. */
  readonly isPaused: () => boolean;
}

export interface FirstRowsLoader {
  /** Null where they are not there, or no longer needed. */
  readonly rows: ReadonlySignal<FirstRows | null>;
  close(): void;
}

/** Reads the first rows of a table over HTTP where its snapshot lets wait for itself. */
export function loadFirstRows(options: FirstRowsOptions): FirstRowsLoader {
  const { table, isAwaited, isListed, sizeOf, isPaused } = options;
  const found = signal<FirstRows | null>(null);
  const awaited = computed(() => {
    const name = table.value;
    return name !== null && isAwaited(name) && !isPaused() ? name : null;
  });
  const next = computed(() => {
    if (awaited.value === null) return 'nothing';
    return isListed.value ? nextStep(sizeOf(awaited.value)) : 'hold';
  });
  const stop = effect(() => {
    const name = awaited.value;
    const step = next.value;
    found.value = null;
    if (name === null || step === 'nothing') return;
    return STEPS[step](name, options, (rows) => {
      found.value = rows;
    });
  });
  // Another table may be chosen that is loading too.
  const rows = computed(() => (found.value?.table.name === awaited.value ? found.value : null));
  return { rows, close: stop };
}

/** Each answers a function that calls it off. */
const STEPS = { hold: holdBack, ask: askLater, 'ask now': askNow } as const;

function nextStep(size: TableSize | null): keyof typeof STEPS | 'nothing' {
  if (size === null || size.rows === 0) return 'nothing';
  return size.bytes < LONG_BYTES ? 'ask' : 'ask now';
}

/** For a while. */
function holdBack(name: string, { after, hold }: FirstRowsOptions): () => void {
  const release = hold(name);
  const cancel = after(LONGEST_HOLD_MS, release);
  return () => {
    cancel();
    release();
  };
}

type OnRows = (rows: FirstRows | null) => void;

function askLater(name: string, options: FirstRowsOptions, onRows: OnRows): () => void {
  const { hasVersion, after } = options;
  let stop = (): void => {};
  const patienceMs = hasVersion.peek() ? PATIENCE_MS.open : PATIENCE_MS.opening;
  const cancel = after(patienceMs, () => {
    stop = ask(name, options, onRows);
  });
  return () => {
    cancel();
    stop();
  };
}

function askNow(name: string, options: FirstRowsOptions, onRows: OnRows): () => void {
  const release = holdBack(name, options);
  const stop = ask(name, options, (rows) => {
    release();
    onRows(rows);
  });
  return () => {
    release();
    stop();
  };
}

function ask(name: string, options: FirstRowsOptions, onRows: OnRows): () => void {
  const abort = new AbortController();
  void read(options, name, abort.signal).then((rows) => {
    if (!abort.signal.aborted) onRows(rows);
  });
  return () => abort.abort();
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
