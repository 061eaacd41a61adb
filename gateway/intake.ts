import { readIpc, SchemaCache } from '../protocol/arrow/read-ipc.ts';
import { HEARTBEAT_TOPIC } from '../protocol/control-topics.ts';
import { TablecastError, toTablecastError } from '../protocol/errors.ts';
import { type Header, parseHeaderFrame } from '../protocol/header.ts';
import { LIMITS } from '../protocol/limits.ts';
import { decodeTopic, parseTableName } from '../protocol/table-name.ts';
import type { Log, Refused } from './log/log.ts';
import type { Rejections } from './rejections.ts';
import type { SequenceTracker } from './sequence/sequence-tracker.ts';
import type { Commit } from './tables/commit.ts';
import type { Publication } from './tables/publication.ts';
import type { LastError } from './tables/stored-table.ts';
import type { TableStore } from './tables/table-store.ts';

export type CommitMode = 'auto' | 'hold';

export interface IntakeOptions {
  readonly store: TableStore;
  readonly log: Log;
  readonly sequence: SequenceTracker;
  readonly rejections: Rejections;
  readonly commitMode: CommitMode;
  readonly maxMessageBytes: number;
  readonly now: () => number;
  readonly onCommit: (commit: Commit) => void;
  readonly onRejected: (error: TablecastError, table: string | null) => void;
  /** A publication was stored, of so many bytes. */
  readonly onTaken?: (source: Source, byteLength: number) => void;
}

/** A message as it came from a socket: its frames, and which kind of socket. */
export interface BusMessage {
  readonly frames: readonly Uint8Array[];
  readonly source: 'sub' | 'pull';
}

type Source = BusMessage['source'] | 'http';

/** A publication that is admitted, and waits for the entry of the log that it will be in. */
interface Gathered {
  readonly publication: Publication;
  readonly arrow: Uint8Array;
  readonly source: Source;
}

/** What of a table is gathered, or appended and not yet folded. */
interface UnderWay {
  publications: number;
  /** What was rejected before the table was there to tell it. */
  lastError: LastError | null;
}

const EMPTY = new Uint8Array(0);

/**
 * Messages in, publications into the log: every publication is checked whole, and taken or rejected whole.
 * Publications of one batch of messages that show by themselves share one commit.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #schemas = new Map<string, SchemaCache>();
  #gathered: Gathered[] = [];
  #showing = new Set<string>();
  readonly #underWay = new Map<string, UnderWay>();

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Takes messages that arrived together, in order. */
  takeMessages(messages: readonly BusMessage[]): void {
    for (const message of messages) this.#takeMessage(message);
    this.#flush();
    this.#options.sequence.look();
  }

  #takeMessage({ frames, source }: BusMessage): void {
    const { sequence } = this.#options;
    let table: string | null = null;
    let header: Header = {};
    try {
      const byteLength = frames.reduce((sum, frame) => sum + frame.length, 0);
      const topic = decodeTopic(frames[0] ?? EMPTY);
      if (topic === HEARTBEAT_TOPIC) return sequence.heartbeat(frames[1] ?? EMPTY);
      // A name that has a schema was checked before.
      table = this.#schemas.has(topic) ? topic : parseTableName(topic);
      if (frames.length !== 2 && frames.length !== 3) {
        throw new TablecastError(
          'bad_frames',
          `The message for "${table}" has ${frames.length} frames; send [topic][arrow] or [topic][header][arrow].`,
        );
      }
      if (frames.length === 3) header = parseHeaderFrame(frames[1]!);
      if (!sequence.isNew(table, header)) return;
      this.#take(table, header, frames.at(-1)!, { byteLength, source });
      sequence.taken(table, header);
    } catch (thrown) {
      if (table !== null) sequence.refused(table, header);
      this.reject(toTablecastError(thrown), table, source);
    }
  }

  /**
   * Takes one publication that waits for its answer.
   *
   * @param taken is called once it is stored, with the commit that shows it; null where it is held
   * @param failed is called instead where it could not be stored
   * @throws TablecastError what is wrong with it
   */
  publish(
    table: string,
    header: Header,
    arrow: Uint8Array,
    taken: (publication: Publication, commit: Commit | null) => void,
    failed: (error: TablecastError) => void,
  ): void {
    this.#flush();
    const publication = this.#take(table, header, arrow, { byteLength: arrow.length, source: 'http' });
    this.#flush((commit, [refused]) => {
      if (refused === undefined) taken(publication, commit);
      else failed(refused.error);
    }, failed);
  }

  #take(
    table: string,
    header: Header,
    arrow: Uint8Array,
    { byteLength, source }: { readonly byteLength: number; readonly source: Source },
  ): Publication {
    const { maxMessageBytes, store, log, commitMode, now } = this.#options;
    if (byteLength > maxMessageBytes) {
      throw new TablecastError(
        'too_large',
        `The message for "${table}" has ${byteLength} bytes, the limit is ${maxMessageBytes} (--max-message-bytes).`,
      );
    }
    const data = readIpc(arrow, this.#schemaCache(table), maxMessageBytes);
    const held = (header.commit ?? commitMode) === 'hold';
    const message = { byteLength: byteLength + data.decodedBytes, receivedAtMs: now(), held };
    const publication =
      log.shared === null
        ? store.admit(table, header, data, message)
        : store.offer(table, header, data, message);
    // What shows by itself takes the stage as it is then, so nothing held may join that stage before it is committed.
    if (held && this.#showing.has(table)) this.#flush();
    this.#gathered.push({ publication, arrow, source });
    this.#setOut(table);
    if (!held) this.#showing.add(table);
    return publication;
  }

  #schemaCache(table: string): SchemaCache {
    let cache = this.#schemas.get(table);
    if (cache === undefined) {
      if (this.#schemas.size >= LIMITS.maxTables) this.#schemas.clear();
      cache = new SchemaCache();
      this.#schemas.set(table, cache);
    }
    return cache;
  }

  /** Appends what was gathered to the log as one entry, with the commit that shows it. */
  #flush(
    folded?: (commit: Commit | null, refused: readonly Refused[]) => void,
    failed: (error: TablecastError, gathered: readonly Gathered[]) => void = (error, gathered) =>
      this.#rejectAll(error, gathered),
  ): void {
    const gathered = this.#gathered;
    if (gathered.length === 0) return;
    const tables = [...this.#showing];
    const entry = {
      publications: gathered.map(({ publication }) => publication),
      messages: gathered.map(({ arrow }) => arrow),
      commit:
        tables.length === 0
          ? null
          : { scope: { type: 'stage', tables } as const, timeMs: this.#options.now() },
      isPatient: folded === undefined,
    };
    this.#gathered = [];
    this.#showing = new Set();
    this.#options.log.append(
      entry,
      (commit, refused = []) => {
        const { onCommit, onTaken } = this.#options;
        for (const { publication } of gathered) this.#arrived(publication.table);
        const errors = new Map(refused.map(({ publication, error }) => [publication, error]));
        for (const { publication, source } of gathered)
          if (!errors.has(publication)) onTaken?.(source, publication.byteLength);
        if (commit !== null) onCommit(commit);
        if (folded !== undefined) folded(commit, refused);
        else this.#rejectRefused(errors, gathered);
      },
      (error) => {
        for (const { publication } of gathered) this.#arrived(publication.table);
        failed(error, gathered);
      },
    );
  }

  #rejectRefused(errors: ReadonlyMap<Publication, TablecastError>, gathered: readonly Gathered[]): void {
    for (const { publication, source } of gathered) {
      const error = errors.get(publication);
      if (error !== undefined) this.reject(error, publication.table, source);
    }
  }

  #rejectAll(error: TablecastError, gathered: readonly Gathered[]): void {
    for (const { publication, source } of gathered) {
      this.#options.store.sequences.takeBack(publication);
      this.reject(error, publication.table, source);
    }
  }

  /** Lists a publication that cannot be taken, and tells its table. */
  reject(error: TablecastError, table: string | null, source: Source): void {
    const at_ms = this.#options.now();
    this.#options.rejections.add(error, { at_ms, source, table });
    if (table !== null) this.#tellTable(table, { code: error.code, detail: error.message, at_ms });
    this.#options.onRejected(error, table);
  }

  #tellTable(table: string, error: LastError): void {
    const stored = this.#options.store.tables.get(table);
    const underWay = this.#underWay.get(table);
    if (stored !== undefined) stored.lastError = error;
    if (underWay !== undefined) underWay.lastError = stored === undefined ? error : null;
  }

  #setOut(table: string): void {
    const underWay = this.#underWay.get(table);
    if (underWay === undefined) this.#underWay.set(table, { publications: 1, lastError: null });
    else underWay.publications++;
  }

  /** A publication was folded, or could not be stored. */
  #arrived(table: string): void {
    const underWay = this.#underWay.get(table);
    if (underWay === undefined) return;
    if (--underWay.publications === 0) this.#underWay.delete(table);
    const stored = this.#options.store.tables.get(table);
    if (stored === undefined || underWay.lastError === null) return;
    stored.lastError = underWay.lastError;
    underWay.lastError = null;
  }
}
