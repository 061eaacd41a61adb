import type { ClientMessage, Since } from '../../protocol/client-message.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Commit } from '../tables/commit.ts';
import type { TableStore } from '../tables/table-store.ts';
import { ChangeEncoder } from './change-encoder.ts';
import { type CommitFrames, frameCommit } from './commit-frames.ts';
import { heartbeatFrame, textFrame } from './frame.ts';
import type { Receipts } from './receipts.ts';
import type { Session } from './session.ts';
import { NO_TABLES, type SubscriptionGroup, wants, withoutTables, withTables } from './subscription-group.ts';

export interface BroadcasterOptions {
  readonly store: TableStore;
  readonly epoch: string;
  readonly receipts: Receipts;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
  /** A viewer of the group has drawn the versions after `from` up to `to`. */
  readonly onDrawn?: (group: SubscriptionGroup, from: number, to: number) => void;
  /** A viewer that takes nothing for this long while data waits for it is closed. */
  readonly maxStallMs: number;
}

/** In the range that RFC 6455 leaves to applications. */
const CLOSE_SLOW_CONSUMER = 4008;
/** RFC 6455: the server met what it did not expect. */
const CLOSE_INTERNAL_ERROR = 1011;
const HEARTBEAT_INTERVAL_MS = 1000;
/** So long viewers are served before other work has its turn. */
const SERVE_MS = 8;
const RECENT_COMMITS = 64;

/**
 * Tells viewers what changed. Every commit goes to every viewer, if only as a bare notification; viewers that stand at the same
 * version and want the same tables get the same bytes, made once.
 */
export class Broadcaster {
  readonly encoder = new ChangeEncoder();
  readonly #options: BroadcasterOptions;
  readonly #sessions = new Set<Session>();
  readonly #heartbeat: NodeJS.Timeout;
  /** Frames made for the store's present version, by group and by the version they start from. */
  #frames = new Map<string, CommitFrames>();
  #framedVersion = -1;
  #framings = 0;
  #sentBytes = 0;
  #conflatedCommits = 0;
  /** The last commits, oldest first: which tables to ask for what changed. */
  #recent: Commit[] = [];
  /** Viewers to be brought to the store's version, those waiting longest first. */
  readonly #due = new Set<Session>();
  #flush: NodeJS.Immediate | null = null;

  constructor(options: BroadcasterOptions) {
    this.#options = options;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_INTERVAL_MS);
  }

  get sessions(): ReadonlySet<Session> {
    return this.#sessions;
  }

  /** How many commits were framed; it does not depend on the number of viewers. */
  get framings(): number {
    return this.#framings;
  }

  /** Bytes of commits handed to viewers. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** How many commits viewers got merged into a later one. */
  get conflatedCommits(): number {
    return this.#conflatedCommits;
  }

  add(session: Session): void {
    const { epoch, store } = this.#options;
    this.#sessions.add(session);
    session.version = store.version;
    session.joinedVersion = store.version;
    session.sendText(textFrame(JSON.stringify({ type: 'hello', epoch, version: store.version })));
  }

  remove(session: Session): void {
    this.#sessions.delete(session);
    this.#due.delete(session);
    this.#options.receipts.left(session);
  }

  /** A commit was made: every viewer is to be brought to it. */
  publish(commit: Commit): void {
    this.#recent.push(commit);
    if (this.#recent.length > 2 * RECENT_COMMITS) this.#recent = this.#recent.slice(-RECENT_COMMITS);
    for (const session of this.#sessions) this.#due.add(session);
    this.#schedule();
  }

  /** The viewer can take data, or can take it again. */
  drained(session: Session): void {
    this.#due.add(session);
    this.#schedule();
  }

  /** Serves at once what comes first in a turn of the event loop, and what else comes in that turn together at its end. */
  #schedule(): void {
    if (this.#flush !== null) return;
    this.#flush = setImmediate(() => {
      this.#flush = null;
      if (this.#due.size > 0) this.#schedule();
    });
    this.#serveDue();
  }

  /** Serves viewers for a while; the rest have their turn after what else the event loop has to do. */
  #serveDue(): void {
    const end = performance.now() + SERVE_MS;
    for (const session of this.#due) {
      this.#due.delete(session);
      this.#serve(session);
      if (performance.now() > end) break;
    }
  }

  /** A fault in one viewer's data is that viewer's alone. */
  #serve(session: Session): void {
    try {
      this.#catchUp(session);
    } catch (error) {
      this.#options.onFault(error);
      session.close(CLOSE_INTERNAL_ERROR, 'internal');
    }
  }

  /** Brings one viewer to the store's version, as one commit, if it is behind and can take it now. */
  #catchUp(session: Session): void {
    const { store } = this.#options;
    if (session.silentBeats > 0 || !session.isReady) return;
    if (session.version === store.version && session.answersDue === 0) return;
    if (session.answersDue === 0) this.#conflatedCommits += store.version - session.version - 1;
    const frames = this.#framesFor(session);
    this.#sentBytes += frames.byteLength;
    session.sendCommit(frames);
    session.joining.clear();
    // Every subscribe has an answer of its own; the first one has brought all there is.
    for (; session.answersDue > 1; session.answersDue--)
      session.sendCommit(this.#sharedFrames(session.group, store.version));
    session.answersDue = 0;
  }

  #framesFor(session: Session): CommitFrames {
    if (session.joining.size === 0) return this.#sharedFrames(session.group, session.version);
    const from = new Set(session.joining.values());
    const together = from.size === 1 && this.#allJoin(session);
    return together ? this.#sharedFrames(session.group, [...from][0]!) : this.#ownFrames(session);
  }

  #allJoin(session: Session): boolean {
    const { group, joining, version } = session;
    const { store } = this.#options;
    // A table that went meanwhile is one that the viewer may have, and is to be told of.
    const names = group.all ? [...store.tables.keys(), ...store.droppedAfter(version)] : group.names;
    for (const name of names) if (wants(group, name) && !joining.has(name)) return false;
    return true;
  }

  #sharedFrames(group: SubscriptionGroup, since: number | null): CommitFrames {
    const { store } = this.#options;
    if (this.#framedVersion !== store.version) {
      this.#frames = new Map();
      this.#framedVersion = store.version;
    }
    const id = `${since} ${group.id}`;
    let frames = this.#frames.get(id);
    if (frames === undefined) {
      frames = this.#frame(group, () => since, since, this.#changedSince(since));
      this.#frames.set(id, frames);
    }
    return frames;
  }

  #ownFrames(session: Session): CommitFrames {
    const { joining, version, group } = session;
    const sinceOf = (table: string) => (joining.has(table) ? joining.get(table)! : version);
    return this.#frame(
      group,
      sinceOf,
      Math.min(version, ...[...joining.values()].map((since) => since ?? version)),
    );
  }

  /** The tables that can have changed since the version, where that is known without asking all. */
  #changedSince(since: number | null): readonly string[] | undefined {
    const first = this.#recent[0];
    if (since === null || first === undefined || since < first.version - 1) return undefined;
    const tables = new Set<string>();
    for (let i = this.#recent.length - 1; i >= 0 && this.#recent[i]!.version > since; i--) {
      for (const table of this.#recent[i]!.tables) tables.add(table);
    }
    return [...tables];
  }

  #frame(
    group: SubscriptionGroup,
    sinceOf: (table: string) => number | null,
    oldest: number | null,
    tables?: readonly string[],
  ): CommitFrames {
    this.#framings++;
    const { store, epoch } = this.#options;
    return frameCommit(store, this.encoder, epoch, group, {
      sinceOf,
      oldest,
      ...(tables === undefined ? {} : { tables }),
    });
  }

  receive(session: Session, message: ClientMessage): void {
    switch (message.type) {
      case 'subscribe':
        return this.#subscribe(session, message);
      case 'unsubscribe':
        session.group = withoutTables(session.group, message.tables);
        for (const name of session.joining.keys())
          if (!wants(session.group, name)) session.joining.delete(name);
        return;
      case 'rendered': {
        const from = Math.max(session.renderedVersion, session.joinedVersion);
        session.renderedVersion = Math.max(
          session.renderedVersion,
          Math.min(message.version, session.version),
        );
        this.#options.onDrawn?.(session.group, from, session.renderedVersion);
        return this.#options.receipts.rendered(session);
      }
      case 'visibility':
        session.visible = message.visible;
        return this.#options.receipts.visibilityChanged(session);
      default:
        message satisfies never;
    }
  }

  #subscribe(session: Session, message: Extract<ClientMessage, { type: 'subscribe' }>): void {
    const { store } = this.#options;
    const before = session.group;
    const group = withTables(before, message.tables);
    if (group.names.size > LIMITS.maxSubscriptions) {
      throw new TablecastError(
        'bad_message',
        `A viewer may name ${LIMITS.maxSubscriptions} tables; subscribe to "*".`,
      );
    }
    session.group = group;
    if (session.silentBeats > 0) session.version = store.version;
    session.silentBeats = 0;
    if (message.renders !== undefined) session.renders = message.renders;
    const since = this.#reachable(message.since);
    if (before === NO_TABLES && since !== null) session.version = since;
    else {
      // A table of its replica that is gone joins too, to be told as dropped.
      const all = () => [...store.tables.keys(), ...(since === null ? [] : store.droppedAfter(since))];
      const names = message.tables === '*' ? all() : message.tables;
      for (const name of names) session.joining.set(name, since);
    }
    session.answersDue++;
    this.#due.add(session);
    this.#schedule();
  }

  /** The version to resume from; null where it is not of this log. */
  #reachable(since: Since | undefined): number | null {
    const { epoch, store } = this.#options;
    return since !== undefined && since.epoch === epoch && since.version <= store.version
      ? since.version
      : null;
  }

  #beat(): void {
    const { now, store, maxStallMs } = this.#options;
    // A heartbeat names the present version, so the commits up to it go first.
    this.#serveDue();
    const frame = heartbeatFrame(store.version);
    for (const session of this.#sessions) {
      if (session.isStuck(now(), maxStallMs)) {
        session.close(CLOSE_SLOW_CONSUMER, 'slow_consumer');
      } else session.sendText(session.silentBeats === 0 ? frame : heartbeatFrame(session.version));
      if (session.silentBeats > 0 && --session.silentBeats === 0) this.drained(session);
    }
    this.encoder.forgetUnused();
    this.#frames.clear();
  }

  close(): void {
    clearInterval(this.#heartbeat);
    if (this.#flush !== null) clearImmediate(this.#flush);
  }
}
