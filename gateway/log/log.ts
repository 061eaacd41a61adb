import type { TablecastError } from '../../protocol/errors.ts';
import type { Commit } from '../tables/commit.ts';
import type { Publication } from '../tables/publication.ts';

/** What a commit takes in. */
export type CommitScope =
  /** Every table's stage, and every table's retention. */
  | { readonly type: 'all' }
  /** These tables' stages. */
  | { readonly type: 'stage'; readonly tables: readonly string[] }
  /** Nothing staged: only rows that have grown too old go. */
  | { readonly type: 'retention'; readonly tables: readonly string[] }
  /** The table goes, its stage with it. */
  | { readonly type: 'drop'; readonly table: string };

/** One entry: publications that join their tables' stages, and the commit that follows them, if any. */
export interface LogEntry {
  readonly publications: readonly Publication[];
  /** The Arrow message of each publication as it came, for logs that store them; made anew where absent. */
  readonly messages?: readonly Uint8Array[];
  readonly commit: { readonly scope: CommitScope; readonly timeMs: number } | null;
  /** Nobody waits for an answer, so a log that cannot be reached keeps it until it can. */
  readonly isPatient?: boolean;
}

/** A publication that did not fit what the entries before it have made of its table: it was left out when it was folded. */
export interface Refused {
  readonly publication: Publication;
  readonly error: TablecastError;
}

/** The order of everything that happens to tables. An entry is first stored, then folded, in the order of appending. */
export interface Log {
  /** Versions compare only within an epoch: it names this one log. */
  readonly epoch: string;
  /** As much waits to be stored as may: whoever can wait does so, by {@link room}. */
  readonly isFull: boolean;
  /** What only a log has that several gateways append to; null for one of a single gateway. */
  readonly shared: SharedLog | null;
  /** Resolves once the log is not full, or closed. */
  room(): Promise<void>;
  /**
   * Exactly one of the two is called, in the order of appending: `folded` once the entry is stored and applied, with the
   * commit that it made; `failed` where it could not be stored, and has changed nothing. All that waits fails with it.
   * A shared log may have to leave out publications of the entry.
   */
  append(
    entry: LogEntry,
    folded?: (commit: Commit | null, refused?: readonly Refused[]) => void,
    failed?: (error: TablecastError) => void,
  ): void;
  /** Resolves once all that was appended is stored and folded. */
  close(): Promise<void>;
}

/** Which version's drawing is asked for: when it was committed, and how long viewers are waited for. */
export interface RenderAsk {
  readonly version: number;
  /** Unix time. */
  readonly committedAtMs: number;
  readonly timeoutMs: number;
}

/** What became of a version at the viewers of one gateway: the times of those that have drawn it, and how many others there are. */
export interface DrawnTimes {
  readonly tookMs: readonly number[];
  readonly pending: number;
  readonly hidden: number;
}

/** What the other gateways of a log are told of this one's viewers. */
export interface OwnViewers {
  count(): number;
  drawn(ask: RenderAsk): Promise<DrawnTimes>;
}

/** The viewers of the other gateways. */
export interface Peers {
  /** As the others told a moment ago. */
  readonly viewers: number;
  /** One for each other gateway that answers in time. */
  drawn(ask: RenderAsk): Promise<readonly DrawnTimes[]>;
  serve(own: OwnViewers): void;
}

/** Small texts by name that all gateways of a log have: what one sets the others are told of. */
export interface SharedTexts {
  all(): ReadonlyMap<string, string>;
  /**
   * Sets a text, null to remove it; false where another gateway has changed it meanwhile.
   *
   * @throws TablecastError `log_unavailable`
   */
  set(name: string, text: string | null): Promise<boolean>;
  /** Called for each text that another gateway has set or removed. */
  onChange(listener: (name: string, text: string | null) => void): void;
}

/**
 * A log whose order other gateways decide too: publications are offered to it, and admitted when they are folded, against
 * what the entries before them have made.
 */
export interface SharedLog {
  /** Why this gateway may not be at the log's end; null where it is, as far as it knows. */
  readonly notReady: TablecastError | null;
  /** Of all gateways this one commits by itself and writes snapshots; none does for a moment where that one ends. */
  readonly leads: boolean;
  /** What stands in the log and is not folded here, as far as is known. */
  readonly lagMessages: number;
  /** Resolves once the log can be reached again, or is closed; null where it can. */
  away(): Promise<void> | null;
  readonly peers: Peers;
  readonly texts: SharedTexts;
  /** Resolves once everything that stands in the log now is folded here. @throws TablecastError `log_unavailable` */
  caughtUp(): Promise<void>;
  /** Called for each commit that this gateway did not append, or no longer waits for. */
  onForeign(listener: (commit: Commit) => void): void;
  /** Resolves where this gateway can no longer follow: it has to be started again. */
  readonly lost: Promise<TablecastError>;
}
