import type { ClientMessage, Since } from '../../protocol/client-message.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Commit } from '../tables/commit.ts';
import type { TableStore } from '../tables/table-store.ts';
import { ChangeEncoder } from './change-encoder.ts';
import { DueViewers } from './due-viewers.ts';
import { heartbeatFrame, textFrame } from './frame.ts';
import type { Receipts } from './receipts.ts';
import type { Session } from './session.ts';
import { SharedFrames } from './shared-frames.ts';
import { NO_TABLES, type SubscriptionGroup, wants, withoutTables, withTables } from './subscription-group.ts';

export interface BroadcasterOptions {
  readonly store: TableStore;
  readonly epoch: string;
  readonly receipts: Receipts;
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

/**
 * Tells viewers what changed. Every commit goes to every viewer, if only as a bare notification; viewers that stand at the same
 * version and want the same tables get the same bytes, made once.
 */
export class Broadcaster {
  readonly encoder = new ChangeEncoder();
  readonly #options: BroadcasterOptions;
  readonly #sessions = new Set<Session>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #frames: SharedFrames;
  #uptimeMs = 0;
  #sentBytes = 0;
  #conflatedCommits = 0;
  /** Viewers to be brought to the store's version. */
  readonly #due = new DueViewers<Session>((session) => this.#serve(session));

  constructor(options: BroadcasterOptions) {
    this.#options = options;
    this.#frames = new SharedFrames({ ...options, encoder: this.encoder });
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_INTERVAL_MS);
  }

  get sessions(): ReadonlySet<Session> {
    return this.#sessions;
  }

  /** Time is told by heartbeats, so that it stands still where this process does: viewers could take nothing meanwhile. */
  get uptimeMs(): number {
    return this.#uptimeMs;
  }

  /** How many commits were framed; it does not depend on the number of viewers. */
  get framings(): number {
    return this.#frames.framings;
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
    this.#due.remove(session);
    this.#options.receipts.left(session);
  }

  /** A commit was made: every viewer is to be brought to it, those that rest and have nothing of it a little later. */
  publish(commit: Commit): void {
    this.#frames.note(commit);
    // A table came or went: some follow the list of tables.
    const isListed = this.#options.store.listedVersion === commit.version;
    const due = [];
    for (const session of this.#sessions) {
      if (isListed || !session.rests || commit.tables.some((table) => wants(session.group, table)))
        due.push(session);
      else session.restingCommits++;
    }
    this.#due.add(due);
  }

  /** Brings those that rest to the present version too. */
  rouse(): void {
    this.#due.add([...this.#sessions].filter(({ restingCommits }) => restingCommits > 0));
  }

  /** The viewer can take data, or can take it again. */
  drained(session: Session): void {
    this.#due.add([session]);
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
    if (session.answersDue === 0) this.#conflatedCommits += conflated(session, store.version);
    session.restingCommits = 0;
    const frames = this.#frames.of(session);
    this.#sentBytes += frames.byteLength;
    session.sendCommit(frames);
    session.joining.clear();
    // Every subscribe has an answer of its own; the first one has brought all there is.
    for (; session.answersDue > 1; session.answersDue--)
      session.sendCommit(this.#frames.shared(session, store.version));
    session.answersDue = 0;
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
      case 'taken':
        return session.took(message.version);
      case 'rendered': {
        session.took(message.version);
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
    if (message.rests !== undefined) session.rests = message.rests;
    if (message.lists !== undefined) session.lists = message.lists;
    if (message.ahead !== undefined) session.ahead = message.ahead;
    const since = this.#reachable(message.since);
    if (before === NO_TABLES && since !== null) session.version = since;
    else {
      for (const name of this.#joining(group, message.tables, since)) session.joining.set(name, since);
    }
    session.answersDue++;
    this.#due.add([session]);
  }

  /** Which tables join: of all, those that there are, and those of the viewer's replica that are gone, to be told as dropped. */
  #joining(
    group: SubscriptionGroup,
    asked: '*' | readonly string[],
    since: number | null,
  ): readonly string[] {
    const { store } = this.#options;
    if (!group.all && asked !== '*') return asked;
    const there = [...store.tables.keys(), ...(since === null ? [] : store.droppedAfter(since))];
    const names = asked === '*' ? null : new Set(asked);
    return there.filter((name) => names?.has(name) ?? true);
  }

  /** The version to resume from; null where it is not of this log. */
  #reachable(since: Since | undefined): number | null {
    const { epoch, store } = this.#options;
    return since !== undefined && since.epoch === epoch && since.version <= store.version
      ? since.version
      : null;
  }

  #beat(): void {
    const { store, maxStallMs } = this.#options;
    this.#uptimeMs += HEARTBEAT_INTERVAL_MS;
    // A heartbeat names the present version, so the commits up to it go first.
    this.rouse();
    this.#due.serve();
    const frame = heartbeatFrame(store.version);
    for (const session of this.#sessions) {
      const isBehind = session.version < store.version || session.answersDue > 0;
      if (session.isStuck({ nowMs: this.#uptimeMs, limitMs: maxStallMs, isBehind })) {
        session.close(CLOSE_SLOW_CONSUMER, 'slow_consumer');
      } else session.sendText(session.silentBeats === 0 ? frame : heartbeatFrame(session.version));
      if (session.silentBeats > 0 && --session.silentBeats === 0) this.drained(session);
    }
    this.encoder.forgetUnused();
    this.#frames.forget();
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#due.close();
  }
}

/** How many commits a viewer gets within a later one because it was slow. */
function conflated({ version, restingCommits }: Session, to: number): number {
  return Math.max(0, to - version - 1 - restingCommits);
}
