import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';
import { LiveTable } from '../../protocol/table/live-table.ts';

interface Followed {
  readonly live: LiveTable;
  readonly version: number;
  readonly epoch: string;
}

const RETRY_MS = 50;
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * A reader without a WebSocket: `/events` tells it which tables changed, and `?since=` brings what is new of them. It
 * connects again by itself, with the id of the last event.
 */
export class FollowingReader {
  readonly #url: string;
  readonly #tables = new Map<string, Followed>();
  readonly #dirty = new Set<string>();
  readonly #ending = new AbortController();
  #lastEventId = '';
  readonly faults: string[] = [];
  /** What came: rows since a version, whole tables. */
  readonly counts = { events: 0, deltas: 0, snapshots: 0 };

  constructor(url: string) {
    this.#url = url;
    void this.#listen();
    void this.#refresh();
  }

  hashes(): Record<string, string> {
    return Object.fromEntries([...this.#tables].map(([name, { live }]) => [name, contentHash(live)]));
  }

  async #listen(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      try {
        await this.#readEvents();
      } catch {
        // The line broke; another follows.
      }
      await pause();
    }
  }

  async #readEvents(): Promise<void> {
    const response = await fetch(new URL('events', this.#url), {
      headers: this.#lastEventId === '' ? {} : { 'last-event-id': this.#lastEventId },
      signal: this.#ending.signal,
    });
    if (response.status >= 500 || response.body === null) return;
    if (response.status !== 200) this.faults.push(`/events answers ${response.status}`);
    let rest = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + chunk).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) this.#take(event);
    }
  }

  #take(event: string): void {
    const fields = new Map(event.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
    const data = fields.get('data');
    if (data === undefined) return;
    this.counts.events++;
    this.#lastEventId = fields.get('id') ?? this.#lastEventId;
    for (const table of (JSON.parse(data) as { tables: string[] }).tables) this.#dirty.add(table);
    // After another epoch, tables that are not named are no more.
    const epoch = this.#lastEventId.split(':')[0]!;
    for (const [name, followed] of this.#tables) if (followed.epoch !== epoch) this.#dirty.add(name);
  }

  async #refresh(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      for (const table of [...this.#dirty]) {
        this.#dirty.delete(table);
        try {
          await this.#read(table);
        } catch {
          this.#dirty.add(table);
        }
      }
      await pause();
    }
  }

  async #read(table: string): Promise<void> {
    const before = this.#tables.get(table);
    const since = before === undefined ? '' : `?since=${before.version}&epoch=${before.epoch}`;
    const response = await this.#get(`tables/${table}.arrow${since}`);
    if (response.status === 404) return void this.#tables.delete(table);
    if (response.status !== 200) throw new Error(`${response.status}`);
    const { fields, batches } = readIpc(new Uint8Array(await response.arrayBuffer()));
    const at = { version: Number(response.headers.get('tablecast-version')), timeMs: 0 };
    const epoch = response.headers.get('tablecast-epoch') ?? '';
    if (before !== undefined && response.headers.get('tablecast-change') === 'delta') {
      const { live } = before;
      const { key } = live;
      live.write({ op: key === null ? 'append' : 'upsert', key, fields, batches }, at);
      live.dropFirst(Number(response.headers.get('tablecast-drop-first') ?? 0));
      this.#tables.set(table, { live, version: at.version, epoch });
      this.counts.deltas++;
      return;
    }
    const live = new LiveTable(table);
    const key = await this.#keyOf(table, response.headers.get('tablecast-changed'));
    live.write({ op: 'replace', key, fields, batches }, at);
    this.#tables.set(table, { live, version: at.version, epoch });
    this.counts.snapshots++;
  }

  /** The key that the table had when its rows were read. @throws Error where it has changed since */
  async #keyOf(table: string, changed: string | null): Promise<readonly string[] | null> {
    const info = (await (await this.#get(`tables/${table}`)).json()) as {
      changed: number;
      key: readonly string[] | null;
    };
    if (String(info.changed) !== changed) throw new Error('It has changed since.');
    return info.key;
  }

  #get(path: string): Promise<Response> {
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
    return fetch(new URL(path, this.#url), { signal });
  }

  close(): void {
    this.#ending.abort();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, RETRY_MS));
}
