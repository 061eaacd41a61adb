import { WebSocket } from 'ws';
import { cellJson } from '../../protocol/arrow/cell-text.ts';
import { type CommitMessage, parseServerMessage, type ServerMessage } from '../../protocol/server-message.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import { applyChange } from '../../protocol/table/replica-table.ts';

/** A commit message with the binary messages that followed it. */
export interface ViewedCommit extends CommitMessage {
  readonly payloads: readonly Uint8Array[];
}

export interface Viewer {
  readonly socket: WebSocket;
  /** Heartbeats are counted and left out of the rest. */
  readonly heartbeats: () => readonly number[];
  send(message: object): void;
  /** The next message but commits and heartbeats. */
  message(): Promise<ServerMessage>;
  /** The next commit, whole and applied to the replica. */
  commit(): Promise<ViewedCommit>;
  rows(table: string): unknown;
  has(table: string): boolean;
  /** Resolves with the code with which the gateway closed. */
  readonly closed: Promise<number>;
  close(): void;
}

/** A WebSocket viewer with a replica; `url` is the gateway's. */
export async function openViewer(url: string): Promise<Viewer> {
  const socket = new WebSocket(new URL('live', url.replace(/^http/, 'ws')), 'tablecast.v1');
  const messages = queue<ServerMessage>();
  const commits = queue<ViewedCommit>();
  const heartbeats: number[] = [];
  const tables = new Map<string, LiveTable>();
  let open: { readonly head: CommitMessage; readonly payloads: Uint8Array[] } | null = null;
  const takeIfWhole = () => {
    if (open === null) return;
    const needed = open.head.changes.filter(({ op }) => op !== 'drop').length;
    if (open.payloads.length < needed) return;
    apply(tables, open.head, open.payloads);
    commits.put({ ...open.head, payloads: open.payloads });
    open = null;
  };
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) {
      if (open === null) throw new Error('A binary message came outside of a commit');
      open.payloads.push(new Uint8Array(data));
      return takeIfWhole();
    }
    const message = parseServerMessage(data.toString());
    if (message.type === 'heartbeat') return void heartbeats.push(message.version);
    if (open !== null) throw new Error(`A message of type ${message.type} came inside of a commit`);
    if (message.type !== 'commit') return messages.put(message);
    open = { head: message, payloads: [] };
    takeIfWhole();
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    socket,
    heartbeats: () => heartbeats,
    send: (message) => socket.send(JSON.stringify(message)),
    message: messages.take,
    commit: commits.take,
    rows: (name) => rowsOf(tables.get(name)),
    has: (name) => tables.has(name),
    closed,
    close: () => socket.terminate(),
  };
}

function apply(tables: Map<string, LiveTable>, head: CommitMessage, payloads: readonly Uint8Array[]): void {
  let next = 0;
  for (const change of head.changes) {
    const payload = change.op === 'drop' ? null : payloads[next++]!;
    applyChange(tables, change, payload, { version: head.version, timeMs: 0 });
  }
}

function rowsOf(table: LiveTable | undefined): unknown {
  if (table === undefined) return null;
  const columns = table.fields.map((_, i) => i);
  return table.read(columns, 0, table.rowCount).flatMap((batch) =>
    Array.from({ length: batch.rowCount }, (_, row) => {
      const cells = table.fields.map((field, i) => [
        field.name,
        JSON.parse(cellJson(field.type, batch.columns[i], row)),
      ]);
      return Object.fromEntries(cells);
    }),
  );
}

function queue<T>(): { put(item: T): void; take(): Promise<T> } {
  const items: T[] = [];
  const takers: ((item: T) => void)[] = [];
  return {
    put(item) {
      const taker = takers.shift();
      if (taker === undefined) items.push(item);
      else taker(item);
    },
    take: () => {
      const item = items.shift();
      return item === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(item);
    },
  };
}
