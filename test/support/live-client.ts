import { WebSocket } from 'ws';
import { type PlainRow, readArrow } from './arrow-messages.ts';

export interface LiveChange {
  readonly table: string;
  readonly op: 'replace' | 'append' | 'upsert' | 'delete' | 'drop';
  readonly key?: readonly string[];
  readonly rows: number;
  readonly snapshot: boolean;
  readonly drop_first?: number;
}

export type LiveMessage =
  | { readonly type: 'hello'; readonly epoch: string; readonly version: number }
  | {
      readonly type: 'commit';
      readonly epoch: string;
      readonly version: number;
      readonly changes: readonly LiveChange[];
    }
  | { readonly type: 'heartbeat'; readonly version: number }
  | { readonly type: 'error'; readonly code: string; readonly detail: string };

type Kind = LiveMessage['type'];
type MessageOf<K extends Kind> = Extract<LiveMessage, { type: K }>;

export interface LiveClient {
  readonly socket: WebSocket;
  /** Everything that came, in order; a commit stands here once all of its binary messages are applied. */
  readonly messages: readonly LiveMessage[];
  /** What broke the protocol's order; empty where the gateway keeps to it. */
  readonly faults: readonly string[];
  send(message: object | string): void;
  /** The next message of this type that this method has not handed out. */
  next<K extends Kind>(type: K, timeoutMs?: number): Promise<MessageOf<K>>;
  /** The next commits up to one of this version or later; resolves with the last. */
  commitAt(version: number, timeoutMs?: number): Promise<MessageOf<'commit'>>;
  subscribe(tables: '*' | readonly string[], more?: object): Promise<MessageOf<'commit'>>;
  /** The replica's tables; a table's rows, null where it has none of that name. */
  tables(): readonly string[];
  rows(table: string): readonly PlainRow[] | null;
  /** To go on with in another connection. */
  readonly replica: Replica;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(): void;
}

export type Replica = Map<string, PlainTable>;

interface PlainTable {
  columns: string[];
  key: readonly string[];
  rows: Record<string, PlainRow[string]>[];
}

/** A viewer as an outsider would write it: plain objects, apache-arrow, and what the protocol's page says. */
export async function openLiveClient(
  wsUrl: string,
  { replica: tables = new Map() }: { readonly replica?: Replica } = {},
): Promise<LiveClient> {
  const socket = new WebSocket(wsUrl, 'tablecast.v1');
  const messages: LiveMessage[] = [];
  const faults: string[] = [];
  const look = new Set<() => void>();
  let open: { commit: MessageOf<'commit'>; payloads: Uint8Array[] } | null = null;
  const take = (message: LiveMessage): void => {
    messages.push(message);
    for (const listener of [...look]) listener();
  };
  const takeIfWhole = (): void => {
    if (open === null) return;
    const { commit, payloads } = open;
    if (payloads.length < commit.changes.filter(({ op }) => op !== 'drop').length) return;
    open = null;
    faults.push(...applyCommit(tables, commit.changes, payloads));
    take(commit);
  };
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) {
      if (open === null) faults.push('a binary message outside of a commit');
      open?.payloads.push(new Uint8Array(data));
      return takeIfWhole();
    }
    const message = JSON.parse(data.toString()) as LiveMessage;
    if (open !== null && message.type !== 'heartbeat') faults.push(`${message.type} inside of a commit`);
    if (message.type !== 'commit') return take(message);
    open = { commit: message, payloads: [] };
    takeIfWhole();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => undefined);
  return clientOf({ socket, tables, messages, faults, look, closed });
}

function clientOf(state: {
  readonly socket: WebSocket;
  readonly tables: Replica;
  readonly messages: readonly LiveMessage[];
  readonly faults: readonly string[];
  readonly look: Set<() => void>;
  readonly closed: LiveClient['closed'];
}): LiveClient {
  const { socket, tables, messages, faults, look, closed } = state;
  const handedOut = new Map<Kind, number>();
  const next = async <K extends Kind>(type: K, timeoutMs = 30_000): Promise<MessageOf<K>> => {
    const from = handedOut.get(type) ?? 0;
    const find = () => messages.findIndex((message, i) => i >= from && message.type === type);
    await until(look, () => find() >= 0, `a message of type ${type}`, timeoutMs);
    const at = find();
    handedOut.set(type, at + 1);
    return messages[at] as MessageOf<K>;
  };
  const send = (message: object | string): void =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return {
    socket,
    messages,
    faults,
    closed,
    send,
    next,
    commitAt: async (version, timeoutMs) => {
      for (;;) {
        const commit = await next('commit', timeoutMs);
        if (commit.version >= version) return commit;
      }
    },
    subscribe: (wanted, more = {}) => {
      send({ type: 'subscribe', tables: wanted, ...more });
      return next('commit');
    },
    replica: tables,
    tables: () => [...tables.keys()],
    rows: (name) => rowsOf(tables.get(name)),
    close: () => socket.terminate(),
  };
}

function until(look: Set<() => void>, isMet: () => boolean, what: string, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      look.delete(listener);
      settle();
    };
    const listener = (): void => {
      if (isMet()) finish(resolve);
    };
    const timer = setTimeout(
      () => finish(() => reject(new Error(`Waited in vain for ${what} (${timeoutMs} ms)`))),
      timeoutMs,
    );
    look.add(listener);
    listener();
  });
}

function applyCommit(
  tables: Replica,
  changes: readonly LiveChange[],
  payloads: readonly Uint8Array[],
): string[] {
  const faults: string[] = [];
  let nextPayload = 0;
  for (const change of changes) {
    if (change.op === 'drop') {
      tables.delete(change.table);
      continue;
    }
    const { columns, rows } = readArrow(payloads[nextPayload++]!);
    if (rows.length !== change.rows) faults.push(`${change.rows} rows said, ${rows.length} sent`);
    if (change.snapshot) tables.set(change.table, { columns: [], key: change.key ?? [], rows: [] });
    const table = tables.get(change.table);
    if (table === undefined) faults.push(`a change of ${change.table} before its snapshot`);
    else applyRows(table, change, columns, rows);
  }
  return faults;
}

function applyRows(
  table: PlainTable,
  change: LiveChange,
  columns: readonly string[],
  rows: readonly PlainRow[],
): void {
  if (change.op === 'replace') table.rows = [];
  if (change.op !== 'delete') table.columns.push(...columns.filter((name) => !table.columns.includes(name)));
  const keyOf = (row: PlainRow) => JSON.stringify(table.key.map((name) => String(row[name])));
  const byKey = new Map(table.key.length === 0 ? [] : table.rows.map((row) => [keyOf(row), row]));
  for (const row of rows) {
    const known = byKey.get(keyOf(row));
    if (change.op === 'delete') byKey.delete(keyOf(row));
    else if (table.key.length > 0 && known !== undefined) Object.assign(known, row);
    else {
      const added = { ...row };
      table.rows.push(added);
      if (table.key.length > 0) byKey.set(keyOf(row), added);
    }
  }
  if (change.op === 'delete') table.rows = [...byKey.values()];
  table.rows.splice(0, change.drop_first ?? 0);
}

function rowsOf(table: PlainTable | undefined): readonly PlainRow[] | null {
  if (table === undefined) return null;
  return table.rows.map((row) => Object.fromEntries(table.columns.map((name) => [name, row[name] ?? null])));
}
