import { fromValues } from '../../protocol/arrow/from-values.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import type { Op } from '../../protocol/header.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';
import { LiveTable } from '../../protocol/table/live-table.ts';
import type { LiveClient, Replica } from './live-client.ts';
import { openLiveClient } from './live-client.ts';
import { openPush } from './push-socket.ts';
import { type SpawnedGateway, spawnGateway } from './spawn-gateway.ts';

type Row = Record<string, unknown>;
interface Numbered {
  readonly op: Op;
  readonly key?: readonly string[];
  readonly rows: Row[];
}

/** Publication number i to a table, for whoever publishes it and for whoever knows what must have become of it. */
const WRITERS: Readonly<Record<string, (i: number) => Numbered>> = {
  appended: (i) => ({ op: 'append', rows: [{ id: i, text: 'x'.repeat(i % 300) }] }),
  keyed: (i) =>
    i % 5 === 4
      ? { op: 'delete', key: ['k'], rows: [{ k: (i * 7) % 20 }] }
      : {
          op: 'upsert',
          key: ['k'],
          rows: [
            { k: (i * 3) % 20, n: i },
            { k: i % 20, n: -i },
          ],
        },
  replaced: (i) => ({ op: 'replace', rows: Array.from({ length: 1 + (i % 9) }, (_, n) => ({ i, n })) }),
};

/** A start waits for its disk: other tests' writes may stand in its way, and are no fault of it. */
const READY_TIMEOUT_MS = 60_000;

/** What was acknowledged, over all lives of a gateway on one data directory, and what a viewer saw. */
export class DurableRun {
  readonly #path: string;
  readonly #args: readonly string[];
  /** Publications of each writer that were answered, and that may be there without an answer. */
  readonly #acknowledged = new Map(Object.keys(WRITERS).map((table) => [table, 0]));
  readonly #replica: Replica = new Map();
  #since: { epoch: string; version: number } | null = null;
  #busRows = 0;
  #answers = 0;
  faults: string[] = [];

  constructor(path: string, args: readonly string[]) {
    this.#path = path;
    this.#args = args;
  }

  get answers(): number {
    return this.#answers;
  }

  start(): Promise<SpawnedGateway> {
    const args = ['--data-dir', this.#path, ...this.#args];
    return spawnGateway({ args, connect: 'none', bind: 'none', readyTimeoutMs: READY_TIMEOUT_MS });
  }

  /** Publishes from all sides until so many answers have come, then kills the gateway in the midst of it; one that ends before is a fault. */
  async loadAndKill(gateway: SpawnedGateway, answers: number): Promise<void> {
    const viewer = await this.#resume(gateway);
    const target = this.#answers + answers;
    const stopping = new AbortController();
    void gateway.ended.then(({ code, signal }) => {
      if (stopping.signal.aborted) return;
      this.faults.push(`the gateway ended by itself (${signal ?? code}): ${gateway.stderr()}`);
      stopping.abort();
    });
    const bus = this.#pushUntil(gateway, stopping.signal);
    const enough = new Promise<void>((resolve) => {
      stopping.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const writing = Object.keys(WRITERS).map((table) =>
      this.#write(gateway.url, table, () => {
        if (++this.#answers === target) stopping.abort();
        return !stopping.signal.aborted;
      }),
    );
    await enough;
    gateway.kill('SIGKILL');
    await Promise.all([...writing, bus, gateway.ended, viewer.closed]);
    this.#remember(viewer);
  }

  /** One publication after the other, until the gateway is gone. */
  async #write(url: string, table: string, goOn: () => boolean): Promise<void> {
    for (;;) {
      const next = this.#acknowledged.get(table)! + 1;
      const { op, key, rows } = WRITERS[table]!(next);
      const query = `?op=${op}${key === undefined ? '' : `&key=${key.join(',')}`}`;
      try {
        const response = await fetch(new URL(`tables/${table}${query}`, url), {
          method: 'POST',
          headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
          body: fromValues(rows) as Uint8Array<ArrayBuffer>,
        });
        if (!response.ok) this.faults.push(`${table} ${next}: ${response.status} ${await response.text()}`);
      } catch {
        return;
      }
      this.#acknowledged.set(table, next);
      if (!goOn()) return;
    }
  }

  async #pushUntil(gateway: SpawnedGateway, signal: AbortSignal): Promise<void> {
    const push = openPush(gateway.pull);
    // A message that waits for room in the socket would wait for ever once the gateway is gone.
    void gateway.ended.then(() => push.close());
    try {
      while (!signal.aborted) {
        const arrow = fromValues([{ id: ++this.#busRows }]);
        await push.publish('bus', arrow, { op: 'append' });
        await new Promise(setImmediate);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #resume(gateway: SpawnedGateway): Promise<LiveClient> {
    const viewer = await openLiveClient(gateway.wsUrl, { replica: this.#replica });
    const known = new Set(this.#replica.keys());
    const since = this.#since;
    const { changes } = await viewer.subscribe('*', since === null ? {} : { since });
    const again = changes.filter(({ snapshot, table }) => snapshot && known.has(table));
    // A table that begins anew comes whole, whenever it does.
    for (const { table } of again)
      if (table !== 'replaced') this.faults.push(`${table} came as a snapshot to a viewer that resumed`);
    return viewer;
  }

  #remember(viewer: LiveClient): void {
    this.faults.push(...viewer.faults);
    for (const message of viewer.messages) {
      if (message.type !== 'commit') continue;
      const { epoch, version } = message;
      if (this.#since !== null && epoch !== this.#since.epoch) this.faults.push('the epoch changed');
      if (this.#since !== null && version < this.#since.version)
        this.faults.push(`version ${version} after ${this.#since.version}`);
      this.#since = { epoch, version };
    }
  }

  /** Compares what a gateway has with what was acknowledged and seen; it must be quiet. */
  async check(gateway: SpawnedGateway): Promise<void> {
    const viewer = await this.#resume(gateway);
    for (const table of Object.keys(WRITERS)) await this.#checkWritten(gateway.url, table);
    for (const table of viewer.tables()) {
      const shown = viewer.rows(table) ?? [];
      const rows = (await (await fetch(new URL(`tables/${table}.json`, gateway.url))).json()) as unknown;
      if (JSON.stringify(shown) !== JSON.stringify(rows))
        this.faults.push(`the viewer of ${table} has ${shown.length} rows, not those of the gateway`);
    }
    this.#remember(viewer);
    viewer.close();
  }

  /** The table is what the acknowledged publications make, or those and the one that was under way. */
  async #checkWritten(url: string, table: string): Promise<void> {
    const acknowledged = this.#acknowledged.get(table)!;
    const response = await fetch(new URL(`tables/${table}.arrow`, url));
    if (!response.ok) {
      // A table to which nothing was acknowledged need not be there; any other must be.
      if (response.status !== 404 || acknowledged > 0)
        this.faults.push(`${table} is ${response.status} after ${acknowledged} publications`);
      return;
    }
    const stored = liveTable([await storedAs(response, WRITERS[table]!(1).key ?? null)]);
    for (const count of [acknowledged, acknowledged + 1]) {
      const numbered = Array.from({ length: count }, (_, i) => WRITERS[table]!(i + 1));
      const expected = liveTable(
        numbered.map(({ op, key = null, rows }) => ({ op, key, ...readIpc(fromValues(rows)) })),
      );
      if (contentHash(expected) !== contentHash(stored)) continue;
      this.#acknowledged.set(table, count);
      return;
    }
    this.faults.push(`${table} with ${stored.rowCount} rows is not what ${acknowledged} publications make`);
  }
}

async function storedAs(response: Response, key: readonly string[] | null) {
  return { op: 'replace' as const, key, ...readIpc(new Uint8Array(await response.arrayBuffer())) };
}

function liveTable(writes: readonly Parameters<LiveTable['write']>[0][]): LiveTable {
  const table = new LiveTable('expected');
  writes.forEach((write, i) => {
    table.write(write, { version: i + 1, timeMs: 0 });
  });
  return table;
}
