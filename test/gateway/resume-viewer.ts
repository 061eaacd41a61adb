import type { Broadcaster } from '../../gateway/live/broadcaster.ts';
import { Session } from '../../gateway/live/session.ts';
import type { Since } from '../../protocol/client-message.ts';
import { type CommitMessage, parseServerMessage } from '../../protocol/server-message.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import { applyChange } from '../../protocol/table/replica-table.ts';
import { InjectedSocket } from './injected-socket.ts';
import { EPOCH } from './live-engine.ts';
import { TABLES, type Tables } from './resume-moves.ts';
import { webSocketMessages } from './websocket-messages.ts';

/** So small that one commit fills a stalled viewer's queue. */
const MAX_QUEUED_BYTES = 100;

/** A replica that its viewer gave up: these tables, as they stood at the version. */
export interface Memory {
  readonly version: number;
  readonly names: readonly string[];
  readonly copies: ReadonlyMap<string, LiveTable>;
}

/** What a viewer had asked for when bytes were written to it: tables, by the number of the request that began each. */
interface Wanted {
  readonly request: number;
  readonly tables: ReadonlyMap<string, number>;
}

export interface ViewerCounts {
  /** Memories that were brought to the present by changes alone, and by a snapshot. */
  resumed: number;
  fellBack: number;
  /** Commits that stood for more than one version. */
  conflated: number;
  dropped: number;
}

export interface ResumeViewerOptions {
  readonly broadcaster: Broadcaster;
  /** The hash of each table that there was at a version. */
  readonly hashesAt: (version: number) => ReadonlyMap<string, string>;
  readonly counts: ViewerCounts;
  /** Says what it has taken, and stalls by not saying so; others stall by not reading. */
  readonly saysTaken: boolean;
}

/** A viewer on an injected socket, which throws as soon as something comes that should not. */
export class ResumeViewer {
  readonly session: Session;
  readonly socket: InjectedSocket;
  readonly #options: ResumeViewerOptions;
  readonly #copies = new Map<string, LiveTable>();
  /** The request that each copy is of, and its hash where that is known. */
  readonly #requests = new Map<string, number>();
  readonly #hashes = new Map<string, string>();
  #wanted: Wanted = { request: 0, tables: new Map() };
  /** What the last commit that came was written for. */
  #applied: Wanted | null = null;
  readonly #inbox: { readonly bytes: Buffer; readonly wanted: Wanted }[] = [];
  #resuming: readonly string[] = [];
  #repeats = 0;
  #beats = 0;
  #isSilent = false;
  version = -1;
  commits = 0;
  subscribes = 0;
  /** How it stood when it was last known to have everything; null where it has stalled since. */
  settled: { readonly version: number; readonly commits: number; readonly subscribes: number } | null = null;

  constructor(options: ResumeViewerOptions) {
    const { broadcaster } = options;
    this.#options = options;
    this.socket = new InjectedSocket((bytes) => this.#written(bytes));
    const session = {
      socket: this.socket.asSocket,
      // Only a fault closes it, and the engine keeps that.
      end: () => {},
      maxQueuedBytes: MAX_QUEUED_BYTES,
      onDrained: (drained: Session) => broadcaster.drained(drained),
    };
    this.session = new Session(session, 0);
    broadcaster.add(this.session);
  }

  get wanted(): ReadonlySet<string> {
    return new Set(this.#wanted.tables.keys());
  }

  get copies(): ReadonlyMap<string, LiveTable> {
    return this.#copies;
  }

  /** Whether it can go on with a memory: nothing is under way that would change what it is about to take up. */
  get canRemember(): boolean {
    return this.#inbox.length === 0 || this.subscribes === 0;
  }

  subscribe(tables: Tables, since: Since | null, memory: Memory | null = null): void {
    const names = TABLES.filter((name) => tables === '*' || tables.includes(name));
    const request = this.#wanted.request + 1;
    this.#wanted = {
      request,
      tables: new Map([...this.#wanted.tables, ...names.map((name) => [name, request] as const)]),
    };
    for (const [name, copy] of memory?.copies ?? []) {
      if (!names.some((wanted) => wanted === name)) continue;
      this.#copies.set(name, copy);
      this.#requests.set(name, request);
      this.#hashes.delete(name);
    }
    this.#resuming = names.filter((name) => memory?.copies.has(name));
    this.subscribes++;
    this.#options.broadcaster.receive(this.session, {
      type: 'subscribe',
      tables: tables === '*' ? '*' : [...tables],
      ...(since === null ? {} : { since }),
      ...(this.#options.saysTaken ? { ahead: 1 } : {}),
    });
  }

  /** What it follows no more is a memory, unless something is under way to it. */
  unsubscribe(tables: Tables): Memory | null {
    const gone = [...this.wanted].filter((name) => tables === '*' || tables.includes(name));
    const memory = this.#inbox.length === 0 ? this.#memoryOf(gone) : null;
    this.#wanted = {
      request: this.#wanted.request + 1,
      tables: new Map([...this.#wanted.tables].filter(([name]) => !gone.includes(name))),
    };
    this.#options.broadcaster.receive(this.session, {
      type: 'unsubscribe',
      tables: tables === '*' ? '*' : [...tables],
    });
    if (this.#inbox.length === 0) this.#forget(this.#wanted);
    return memory;
  }

  /** What is under way is lost, as when a line breaks. */
  leave(): Memory | null {
    this.#options.broadcaster.remove(this.session);
    return this.#memoryOf([...(this.#applied?.tables.keys() ?? [])]);
  }

  /** Those of the tables that its last commit brought to its version, and that it asked nothing more about. */
  #memoryOf(names: readonly string[]): Memory | null {
    const current = names.filter((name) => {
      const request = this.#applied?.tables.get(name);
      return request !== undefined && this.#wanted.tables.get(name) === request;
    });
    if (current.length === 0) return null;
    const copies = new Map(
      current.flatMap((name) => (this.#copies.has(name) ? [[name, this.#copies.get(name)!] as const] : [])),
    );
    return { version: this.version, names: current, copies };
  }

  get stalls(): boolean {
    return this.#isSilent || this.socket.stalls;
  }

  stall(): void {
    if (this.#options.saysTaken) this.#isSilent = true;
    else this.socket.stall();
    this.settled = null;
  }

  flow(): void {
    if (this.#options.saysTaken) {
      this.#isSilent = false;
      return this.#sayTaken();
    }
    for (const { bytes, wanted } of this.#inbox.splice(0)) this.#deliver(bytes, wanted);
    this.socket.flow();
  }

  /** A moment later, as over a network. */
  #sayTaken(): void {
    queueMicrotask(() => {
      if (this.#isSilent || !this.#options.broadcaster.sessions.has(this.session)) return;
      this.#options.broadcaster.receive(this.session, { type: 'taken', version: this.version });
    });
  }

  #written(bytes: Buffer): void {
    if (this.socket.stalls) this.#inbox.push({ bytes, wanted: this.#wanted });
    else this.#deliver(bytes, this.#wanted);
  }

  #deliver(bytes: Buffer, wanted: Wanted): void {
    const [first, ...payloads] = webSocketMessages(bytes);
    if (first === undefined || first.isBinary || payloads.some(({ isBinary }) => !isBinary))
      throw new Error('Messages came in another order than text, then data.');
    const message = parseServerMessage(first.payload.toString());
    if (message.type === 'error') throw new Error(`${message.code}: ${message.detail}`);
    if (message.version < this.version)
      throw new Error(`A ${message.type} of version ${message.version} came after version ${this.version}.`);
    if (message.type === 'commit') {
      this.#apply(
        message,
        payloads.map(({ payload }) => payload),
        wanted,
      );
    } else if (message.type === 'hello') this.version = message.version;
    else if (message.type === 'heartbeat') this.#beats++;
  }

  #apply(commit: CommitMessage, payloads: Uint8Array[], wanted: Wanted): void {
    if (this.subscribes === 0 && (this.#beats < 2 || commit.changes.length > 0))
      throw new Error('A commit came before the first subscribe.');
    this.commits++;
    this.#checkOrder(commit);
    this.#forget(wanted);
    const next = payloads.values();
    for (const change of commit.changes) {
      const { table } = change;
      const request = wanted.tables.get(table);
      if (request === undefined) throw new Error(`${table} was not asked for.`);
      const data = change.op === 'drop' ? null : (next.next().value ?? null);
      applyChange(this.#copies, change, data, { version: commit.version, timeMs: 0 });
      this.#requests.set(table, request);
      this.#hashes.delete(table);
    }
    if (next.next().done !== true) throw new Error('More data came than the commit says.');
    this.#count(commit);
    this.version = commit.version;
    this.#applied = wanted;
    this.#compare(wanted);
    if (this.#options.saysTaken) this.#sayTaken();
  }

  /** Every commit is of a later version, but answers to `subscribe`, which may bring more tables to the same one. */
  #checkOrder({ epoch, version }: CommitMessage): void {
    if (epoch !== EPOCH) throw new Error(`A commit of the epoch ${epoch} came.`);
    if (version === this.version && ++this.#repeats > this.subscribes)
      throw new Error(`Version ${version} came again, and nobody asked.`);
  }

  /** Copies that another request made void. One that was taken up since the bytes were written is of a later request. */
  #forget(wanted: Wanted): void {
    for (const name of [...this.#copies.keys()]) {
      const request = this.#requests.get(name)!;
      if (request > wanted.request || wanted.tables.get(name) === request) continue;
      this.#copies.delete(name);
    }
  }

  #count({ version, changes }: CommitMessage): void {
    const { counts } = this.#options;
    if (this.#applied !== null && version > this.version + 1) counts.conflated++;
    counts.dropped += changes.filter(({ op }) => op === 'drop').length;
    const mine = changes.filter(({ table }) => this.#resuming.includes(table));
    if (mine.some(({ snapshot }) => snapshot)) counts.fellBack++;
    else if (mine.length > 0) counts.resumed++;
    this.#resuming = [];
  }

  #compare(wanted: Wanted): void {
    const expected = this.#options.hashesAt(this.version);
    for (const name of wanted.tables.keys()) {
      const copy = this.#copies.get(name);
      if (copy !== undefined && !this.#hashes.has(name)) this.#hashes.set(name, contentHash(copy));
      const hash = copy === undefined ? undefined : this.#hashes.get(name);
      if (hash !== expected.get(name))
        throw new Error(`${name} at version ${this.version} is ${hash}, expected ${expected.get(name)}.`);
    }
  }
}
