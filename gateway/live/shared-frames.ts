import type { Commit } from '../tables/commit.ts';
import type { TableStore } from '../tables/table-store.ts';
import type { ChangeEncoder } from './change-encoder.ts';
import { type CommitFrames, frameCommit } from './commit-frames.ts';
import type { Session } from './session.ts';
import { wants } from './subscription-group.ts';

export interface SharedFramesOptions {
  readonly store: TableStore;
  readonly epoch: string;
  readonly encoder: ChangeEncoder;
}

const RECENT_COMMITS = 64;

/** The bytes of commits: made once for all viewers that stand at the same version and want the same. */
export class SharedFrames {
  readonly #options: SharedFramesOptions;
  /** Made for the store's present version, by group and by the version they start from. */
  #frames = new Map<string, CommitFrames>();
  #framedVersion = -1;
  #framings = 0;
  /** The last commits, oldest first: which tables to ask for what changed. */
  #recent: Commit[] = [];

  constructor(options: SharedFramesOptions) {
    this.#options = options;
  }

  /** How many commits were framed; it does not depend on the number of viewers. */
  get framings(): number {
    return this.#framings;
  }

  /** A commit was made. */
  note(commit: Commit): void {
    this.#recent.push(commit);
    if (this.#recent.length > 2 * RECENT_COMMITS) this.#recent = this.#recent.slice(-RECENT_COMMITS);
  }

  /** Gives back what was made; it is made anew where somebody still needs it. */
  forget(): void {
    this.#frames.clear();
  }

  /** What brings a viewer to the store's version, with the tables that join. */
  of(session: Session): CommitFrames {
    if (session.joining.size === 0) return this.shared(session, session.version);
    const from = new Set(session.joining.values());
    const together = from.size === 1 && this.#allJoin(session);
    return together ? this.shared(session, [...from][0]!) : this.#ownFrames(session);
  }

  #allJoin(session: Session): boolean {
    const { group, joining, version } = session;
    const { store } = this.#options;
    // A table that went meanwhile is one that the viewer may have, and is to be told of.
    const names = group.all ? [...store.tables.keys(), ...store.droppedAfter(version)] : group.names;
    for (const name of names) if (wants(group, name) && !joining.has(name)) return false;
    return true;
  }

  /** From the version, null for from nothing, to the store's. */
  shared(session: Session, since: number | null): CommitFrames {
    const { store } = this.#options;
    if (this.#framedVersion !== store.version) {
      this.#frames = new Map();
      this.#framedVersion = store.version;
    }
    const id = `${since} ${session.lists} ${session.group.id}`;
    let frames = this.#frames.get(id);
    if (frames === undefined) {
      frames = this.#frame(session, () => since, since, this.#changedSince(since));
      this.#frames.set(id, frames);
    }
    return frames;
  }

  #ownFrames(session: Session): CommitFrames {
    const { joining, version } = session;
    const sinceOf = (table: string) => (joining.has(table) ? joining.get(table)! : version);
    return this.#frame(
      session,
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
    { group, lists }: Session,
    sinceOf: (table: string) => number | null,
    oldest: number | null,
    tables?: readonly string[],
  ): CommitFrames {
    this.#framings++;
    const { store, epoch, encoder } = this.#options;
    return frameCommit(store, encoder, epoch, group, {
      sinceOf,
      oldest,
      lists,
      ...(tables === undefined ? {} : { tables }),
    });
  }
}
