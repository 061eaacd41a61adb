import type { Header } from '../../protocol/header.ts';
import { parseHeartbeatFrame } from '../../protocol/heartbeat.ts';
import { parseTableName } from '../../protocol/table-name.ts';
import type { SequenceCounts } from '../tables/sequence-counts.ts';
import { standingOf } from '../tables/sequence-position.ts';
import type { TableStore } from '../tables/table-store.ts';
import { type ProducerState, ProducerWatch } from './producer-watch.ts';
import { ResyncSchedule } from './resync-schedule.ts';

export interface SequenceTrackerOptions {
  readonly store: Pick<TableStore, 'sequences' | 'head'>;
  /** A clock that only goes forward, in milliseconds. */
  readonly monotonicMs: () => number;
  /** Unix time, milliseconds. */
  readonly now: () => number;
}

/** What is known of a table's numbers. */
export interface TableSequence {
  /** The run that wrote last, and the highest number that came of it; null where nobody has numbered. */
  readonly last: { readonly run: string; readonly seq: number } | null;
  readonly gaps: number;
  readonly duplicates: number;
  /** Publications that were lost and are not mended; those before the first that came. */
  readonly missing: { readonly lost: number; readonly before: number };
  /** Of those that write it, the one that was heard last; null where none has sent a heartbeat. */
  readonly producer: ProducerState | null;
}

/** Asks producers for the state of these tables, or of all. */
export type AskForTables = (tables: readonly string[] | 'all') => void;

const TICK_MS = 200;
/** A new producer of a table that is there already is asked so often; it need not answer. */
const NEWCOMER_REQUESTS = 4;
/** From so many on they are asked for all at once. */
const MAX_ASKED = 32;

/**
 * Whether anything got lost on the way from a producer that numbers: drops what came before, finds what did not come, and
 * asks for the whole table until it is there. While something is missing the table takes what comes.
 */
export class SequenceTracker {
  readonly #store: SequenceTrackerOptions['store'];
  readonly #monotonicMs: () => number;
  readonly #now: () => number;
  readonly #watch: ProducerWatch;
  readonly #schedule = new ResyncSchedule();
  /** Tables that another run has begun to write, and how often it will still be asked for them whole. */
  readonly #newcomers = new Map<string, number>();
  #ask: AskForTables | null = null;
  #askedMs = Number.NEGATIVE_INFINITY;
  #requests = 0;
  #found = 0;

  constructor({ store, monotonicMs, now }: SequenceTrackerOptions) {
    this.#store = store;
    this.#monotonicMs = monotonicMs;
    this.#now = now;
    this.#watch = new ProducerWatch({ nowMs: monotonicMs });
  }

  get counts(): SequenceCounts {
    return this.#store.sequences.counts;
  }

  /** Tables that producers were asked for. */
  get requests(): number {
    return this.#requests;
  }

  get producers(): { readonly live: number; readonly silent: number } {
    return this.#watch.counts();
  }

  /** Whether a message is to be taken: not where it came before, or is older than what came. */
  isNew(table: string, header: Header): boolean {
    const { run, seq, snapshot, op } = header;
    if (run === undefined || seq === undefined) return true;
    this.#watch.alive(run, this.#now());
    const position = this.#store.sequences.position(table, run);
    if (snapshot === true) {
      const taken = position?.taken ?? -1;
      const { sequences } = this.#store;
      const isWanted =
        sequences.open.has(table) || sequences.isOpenInLog(table) || this.#newcomers.has(table);
      if (seq < taken || (seq === taken && !isWanted)) return false;
      this.#newcomers.delete(table);
      return true;
    }
    if (op === 'replace') this.#newcomers.delete(table);
    else if (position === undefined && this.#store.head(table) !== null)
      this.#newcomers.set(table, NEWCOMER_REQUESTS);
    const standing = standingOf(position, seq);
    if (standing === 'next' || (standing === 'late' && this.#adds(table, header))) return true;
    this.counts.duplicate(table);
    return false;
  }

  /** Rows without a key undo nothing that came after them, so they may come late. */
  #adds(table: string, { op, key }: Header): boolean {
    return op === 'append' && key === undefined && (this.#store.head(table)?.key ?? null) === null;
  }

  /** A message was taken. */
  taken(table: string, { op, snapshot }: Header): void {
    if (op === 'replace' || snapshot === true) this.#schedule.answered(table);
  }

  /** A message that was to be taken could not be, and its producer's user is told: it is not missing. */
  refused(table: string, { run, seq, snapshot }: Header): void {
    if (run !== undefined && seq !== undefined && snapshot !== true)
      this.#store.sequences.pass(table, run, seq);
  }

  /** @throws TablecastError `bad_header`, `bad_name`, `too_large` */
  heartbeat(frame: Uint8Array): void {
    const heartbeat = parseHeartbeatFrame(frame);
    const { sequences } = this.#store;
    const { run, tables } = heartbeat;
    const names = Object.entries(tables);
    for (const [table] of names) if (sequences.position(table, run) === undefined) parseTableName(table);
    const isBack = this.#watch.stateOf(run)?.isLive !== true;
    this.#watch.heard(heartbeat, this.#now());
    for (const [table, seq] of names) {
      sequences.announce(table, run, seq);
      if (isBack) this.#schedule.hasten(table, this.#monotonicMs());
    }
  }

  /** Messages were taken: asks for what is missing since. */
  look(): void {
    if (this.#found !== this.#findings) this.#want();
  }

  #want(): void {
    const nowMs = this.#monotonicMs();
    this.#found = this.#findings;
    for (const tables of [this.#store.sequences.open, this.#newcomers.keys()])
      for (const table of tables) if (this.#mayBeAnswered(table)) this.#schedule.want(table, nowMs);
    if (nowMs - this.#askedMs >= TICK_MS) this.#askDue(nowMs);
  }

  /** Grows with everything that may have to be asked for. */
  get #findings(): number {
    const { start, jump, tail } = this.counts.gaps;
    return start + jump + tail + this.#newcomers.size;
  }

  /** Asks so from now on. */
  askBy(ask: AskForTables): void {
    this.#ask = ask;
  }

  /** Lets time pass until it is closed. */
  start(): { close(): void } {
    const timer = setInterval(() => this.tick(), TICK_MS);
    return { close: () => clearInterval(timer) };
  }

  tick(): void {
    this.#watch.tick();
    const { open } = this.#store.sequences;
    this.#schedule.keepOnly(
      (table) => (open.has(table) || this.#newcomers.has(table)) && this.#mayBeAnswered(table),
    );
    this.#want();
  }

  of(table: string): TableSequence {
    const { sequences } = this.#store;
    const { gaps, duplicates } = this.counts.of(table);
    const runs = sequences.runsOf(table);
    let last: TableSequence['last'] = null;
    let producer: ProducerState | null = null;
    for (const [run, { taken }] of runs ?? []) {
      last = { run, seq: taken };
      const state = this.#watch.stateOf(run);
      if (state !== null && state.heardAtMs >= (producer?.heardAtMs ?? 0)) producer = state;
    }
    return { last, gaps, duplicates, missing: sequences.missing(table), producer };
  }

  /** In vain only where all that write the table say so. */
  #mayBeAnswered(table: string): boolean {
    for (const run of this.#store.sequences.runsOf(table)?.keys() ?? [])
      if (!this.#watch.hasNoSnapshot(run, table)) return true;
    return false;
  }

  #askDue(nowMs: number): void {
    if (this.#ask === null) return;
    const tables = this.#schedule.due(nowMs);
    if (tables.length === 0) return;
    this.#askedMs = nowMs;
    this.#requests += tables.length;
    for (const table of tables) this.#askedNewcomer(table);
    this.#ask(tables.length > MAX_ASKED ? 'all' : tables);
  }

  #askedNewcomer(table: string): void {
    const left = this.#newcomers.get(table);
    if (left === undefined) return;
    if (left > 1) this.#newcomers.set(table, left - 1);
    else this.#newcomers.delete(table);
  }
}
