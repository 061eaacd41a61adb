/** What the gateway tells of a table, whether its rows are on the page or not. */
export interface GatewayTable {
  readonly name: string;
  readonly rows: number;
  /** Of its rows, about. */
  readonly bytes: number;
  /** The version of its last change; 0 where it waits for its first commit. */
  readonly changed: number;
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

/** All tables of the gateway at one version. */
export interface GatewayTableList {
  readonly epoch: string;
  readonly version: number;
  readonly tables: ReadonlyMap<string, GatewayTable>;
  /** Of all tables together, over the last seconds. */
  readonly rowsPerSecond: number;
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

/** The answer of `GET /tables`; null where it is none. */
export function parseTableList(json: unknown): GatewayTableList | null {
  if (!isRecord(json) || !Array.isArray(json.tables)) return null;
  const tables = new Map<string, GatewayTable>();
  let rowsPerSecond = 0;
  for (const entry of json.tables) {
    if (!isRecord(entry) || typeof entry.name !== 'string') continue;
    tables.set(entry.name, {
      name: entry.name,
      rows: numberOr(entry.rows, 0),
      bytes: numberOr(entry.bytes, 0),
      changed: numberOr(entry.changed, 0),
      staged: numberOr(entry.staged, 0),
      op: typeof entry.op === 'string' ? entry.op : null,
      lastPublicationMs: typeof entry.last_publication_ms === 'number' ? entry.last_publication_ms : null,
      lastError: parseError(entry.last_error),
      sequence: parseSequence(entry),
    });
    rowsPerSecond += numberOr(entry.rows_per_s, 0);
  }
  return { epoch: String(json.epoch), version: numberOr(json.version, 0), tables, rowsPerSecond };
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

/** The answer of `GET /rejections`; null where it is none. */
export function parseRejections(json: unknown): RejectionList | null {
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
