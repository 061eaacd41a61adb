/** What only the gateway knows of a table: what waits in its stage and what it refused. */
export interface GatewayTable {
  readonly name: string;
  readonly rows: number;
  readonly staged: number;
  readonly lastPublicationMs: number | null;
  readonly lastError: { readonly code: string; readonly detail: string; readonly atMs: number } | null;
}

export interface GatewayTablesOptions {
  /** Ends with a slash. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly after: (delayMs: number, callback: () => void) => () => void;
  readonly isVisible: () => boolean;
  readonly onTables: (tables: ReadonlyMap<string, GatewayTable>) => void;
  readonly onRejections: (count: number) => void;
}

const POLL_MS = 2000;
/** A rejection that belongs to no table shows only here; asking seldom is enough. */
const REJECTIONS_EVERY = 5;

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

  async function get(path: string): Promise<unknown> {
    const response = await options.fetch(options.baseUrl + path, { signal: abort.signal });
    return response.ok ? await response.json() : null;
  }

  async function ask(): Promise<void> {
    const tables = parseTables(await get('tables'));
    if (tables === null) return;
    options.onTables(tables);
    const latest = Math.max(0, ...[...tables.values()].map((table) => table.lastError?.atMs ?? 0));
    if (latest === lastErrorAtMs && polls++ % REJECTIONS_EVERY !== 0) return;
    lastErrorAtMs = latest;
    const count = countRejections(await get('rejections'));
    if (count !== null) options.onRejections(count);
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
      lastPublicationMs: typeof entry.last_publication_ms === 'number' ? entry.last_publication_ms : null,
      lastError: parseError(entry.last_error),
    });
  }
  return tables;
}

function parseError(json: unknown): GatewayTable['lastError'] {
  if (!isRecord(json)) return null;
  return { code: String(json.code), detail: String(json.detail), atMs: numberOr(json.at_ms, 0) };
}

function countRejections(json: unknown): number | null {
  return isRecord(json) && typeof json.count === 'number' ? json.count : null;
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
