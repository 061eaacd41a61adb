/** What only the gateway knows of a table: what waits in its stage and what it refused. */
export interface GatewayTable {
  readonly name: string;
  readonly rows: number;
  readonly staged: number;
  /** Of its last publication; null where the gateway does not tell. */
  readonly op: string | null;
  readonly lastPublicationMs: number | null;
  readonly lastError: { readonly code: string; readonly detail: string; readonly atMs: number } | null;
  /** null where the gateway does not tell. */
  readonly sequence: TableSequence | null;
}

/** Whether anything of a table was lost on the way to the gateway. */
export interface TableSequence {
  /** Its publications are numbered. */
  readonly isChecked: boolean;
  readonly gaps: number;
  /** Publications that were lost and are not made good. */
  readonly lost: number;
  /** Those before the first that came; 0 where the table keeps only the newest rows anyway. */
  readonly lostBefore: number;
  /** When its producer was heard last, where that has fallen silent; Unix time, milliseconds. */
  readonly silentSinceMs: number | null;
}

/** A publication that was refused. */
export interface Rejection {
  /** Unix time, milliseconds. */
  readonly atMs: number;
  /** Null where it named none that could be one. */
  readonly table: string | null;
  readonly code: string;
  readonly detail: string;
}

/** The last ones, newest first, and how many there were in all. */
export interface RejectionList {
  readonly count: number;
  readonly newest: readonly Rejection[];
}

export interface GatewayTablesOptions {
  /** Ends with a slash. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly after: (delayMs: number, callback: () => void) => () => void;
  readonly isVisible: () => boolean;
  /** Called where it differs from the last time. */
  readonly onTables: (tables: ReadonlyMap<string, GatewayTable>) => void;
  /** Called where there are others than the last time. */
  readonly onRejections: (rejections: RejectionList) => void;
  /** Whether the gateway refuses this browser: its login has ended, or it never had one. */
  readonly onLoginNeeded: (isNeeded: boolean) => void;
}

const POLL_MS = 2000;
/** A rejection that belongs to no table shows only here; asking seldom is enough. */
const REJECTIONS_EVERY = 5;
const UNAUTHORIZED = 401;

export interface GatewayTables {
  /** Asks now. */
  refresh(): void;
  close(): void;
}

/** Asks `GET tables` every two seconds while the page is visible. Failures are silent: the line's state tells them. */
export function pollGatewayTables(options: GatewayTablesOptions): GatewayTables {
  const abort = new AbortController();
  let cancel = (): void => {};
  let lastErrorAtMs = -1;
  let polls = 0;
  let toldTables = '';
  let toldRejections = '';

  async function get(path: string): Promise<unknown> {
    const response = await options.fetch(options.baseUrl + path, { signal: abort.signal });
    options.onLoginNeeded(response.status === UNAUTHORIZED);
    return response.ok ? await response.json() : null;
  }

  async function ask(): Promise<void> {
    const tables = parseTables(await get('tables'));
    if (tables === null) return;
    const known = JSON.stringify([...tables.values()]);
    if (known !== toldTables) options.onTables(tables);
    toldTables = known;
    const latest = Math.max(0, ...[...tables.values()].map((table) => table.lastError?.atMs ?? 0));
    if (latest === lastErrorAtMs && polls++ % REJECTIONS_EVERY !== 0) return;
    lastErrorAtMs = latest;
    const rejections = parseRejections(await get('rejections'));
    if (rejections === null) return;
    // A gateway that began anew may have as many, of another time.
    const newest = `${rejections.count} ${rejections.newest[0]?.atMs}`;
    if (newest !== toldRejections) options.onRejections(rejections);
    toldRejections = newest;
  }

  function refresh(): void {
    cancel();
    if (abort.signal.aborted) return;
    const asked = options.isVisible() ? ask().catch(() => {}) : Promise.resolve();
    void asked.then(() => {
      cancel();
      if (!abort.signal.aborted) cancel = options.after(POLL_MS, refresh);
    });
  }

  refresh();
  return {
    refresh,
    close() {
      cancel();
      abort.abort();
    },
  };
}

function parseTables(json: unknown): Map<string, GatewayTable> | null {
  if (!isRecord(json) || !Array.isArray(json.tables)) return null;
  const tables = new Map<string, GatewayTable>();
  for (const entry of json.tables) {
    if (!isRecord(entry) || typeof entry.name !== 'string') continue;
    tables.set(entry.name, {
      name: entry.name,
      rows: numberOr(entry.rows, 0),
      staged: numberOr(entry.staged, 0),
      op: typeof entry.op === 'string' ? entry.op : null,
      lastPublicationMs: typeof entry.last_publication_ms === 'number' ? entry.last_publication_ms : null,
      lastError: parseError(entry.last_error),
      sequence: parseSequence(entry),
    });
  }
  return tables;
}

function parseSequence(entry: Record<string, unknown>): TableSequence | null {
  if (typeof entry.checked !== 'boolean') return null;
  return {
    isChecked: entry.checked,
    gaps: numberOr(entry.gaps, 0),
    lost: numberOr(entry.missing, 0),
    lostBefore: isRecord(entry.retention) ? 0 : numberOr(entry.missing_before, 0),
    silentSinceMs: entry.producer === 'silent' ? numberOr(entry.producer_heard_ms, 0) : null,
  };
}

function parseError(json: unknown): GatewayTable['lastError'] {
  if (!isRecord(json)) return null;
  return { code: String(json.code), detail: String(json.detail), atMs: numberOr(json.at_ms, 0) };
}

function parseRejections(json: unknown): RejectionList | null {
  if (!isRecord(json) || typeof json.count !== 'number') return null;
  const entries = Array.isArray(json.rejections) ? json.rejections.filter(isRecord) : [];
  const newest = entries.map((entry) => ({
    atMs: numberOr(entry.at_ms, 0),
    table: typeof entry.table === 'string' ? entry.table : null,
    code: String(entry.code),
    detail: String(entry.detail),
  }));
  return { count: json.count, newest };
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
