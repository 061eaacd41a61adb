import type { Header, Op } from '../../protocol/header.ts';
import type { Publication } from './publication.ts';
import { SequenceBook, type SequenceBookLimits } from './sequence-book.ts';
import { SequenceCounts } from './sequence-counts.ts';
import {
  afterAnnouncing,
  afterTaking,
  afterWhole,
  endOf,
  type SequenceNumber,
  type SequencePosition,
  settledUpTo,
  standingOf,
  type TakenSequence,
  withoutAnnounced,
} from './sequence-position.ts';

type Numbered = Pick<Header, 'run' | 'seq' | 'snapshot'>;

/**
 * Which numbered publications came to each table. What is admitted is told at once; what is applied is part of the fold,
 * so that after a restart a table stands where its rows do.
 */
export class TableSequences {
  readonly counts = new SequenceCounts();
  readonly #admitted: SequenceBook;
  readonly #applied: SequenceBook;
  /** Offered here, so that what is admitted knows of them. */
  readonly #offered = new WeakSet<SequenceNumber>();

  constructor(limits?: SequenceBookLimits) {
    this.#admitted = new SequenceBook(limits);
    this.#applied = new SequenceBook(limits);
  }

  /** Tables of which something is missing. */
  get open(): ReadonlySet<string> {
    return this.#admitted.open;
  }

  position(table: string, run: string): SequencePosition | undefined {
    return this.#admitted.get(table, run);
  }

  /** Whether something is missing of what is applied, though it may be admitted. */
  isOpenInLog(table: string): boolean {
    return this.#applied.open.has(table);
  }

  /** By run, the one that wrote last at the end; undefined where nobody has numbered. */
  runsOf(table: string): ReadonlyMap<string, SequencePosition> | undefined {
    return this.#admitted.runsOf(table);
  }

  /** What was published to the table and did not come, in all runs; `before`: before the first that came. */
  missing(table: string): { readonly lost: number; readonly before: number } {
    let lost = 0;
    let before = 0;
    if (this.#admitted.open.has(table))
      for (const { missing } of this.#admitted.runsOf(table)?.values() ?? [])
        for (const [first, last] of missing)
          if (first === 1) before += last;
          else lost += last - first + 1;
    return { lost, before };
  }

  /** A publication is admitted; a whole table ends every gap of it. */
  admit(table: string, op: Op, { run, seq, snapshot }: Numbered): TakenSequence | undefined {
    const before = run === undefined ? undefined : this.#admitted.get(table, run);
    const wasOpen = this.#admitted.open.has(table);
    if (op === 'replace') this.#admitted.settle(table);
    if (run === undefined || seq === undefined) return undefined;
    if (snapshot === true) this.#countSnapshot(table, before, seq, wasOpen);
    // What is whole needs nothing before it.
    else if (op !== 'replace' || before !== undefined) this.#countJump(table, before, seq);
    const position = op === 'replace' ? afterWhole(before, seq) : afterTaking(before, seq);
    this.#admitted.set(table, run, position);
    return { run, ...withoutAnnounced(position) };
  }

  /** A publication is offered to a log that decides only when it folds. `key`: the table's, as far as is known. */
  offer(table: string, key: readonly string[] | null, header: Header): SequenceNumber | undefined {
    const { op = (header.key ?? key) === null ? 'replace' : 'upsert', run, seq, snapshot } = header;
    this.admit(table, op, header);
    if (run === undefined || seq === undefined) return undefined;
    const number: SequenceNumber = { run, seq, ...(snapshot === true ? { snapshot } : {}) };
    this.#offered.add(number);
    return number;
  }

  /** Whether an offered publication is news to the log: another gateway may have offered the same one before. */
  isNews({ table, op, key, number }: Publication): boolean {
    if (number === undefined) return true;
    const position = this.#applied.get(table, number.run);
    // One that tells nothing new is the answer to a question that was asked meanwhile, and harms nothing.
    if (number.snapshot === true) return number.seq >= (position?.taken ?? 0);
    const standing = standingOf(position, number.seq);
    return standing === 'next' || (standing === 'late' && op === 'append' && key === null);
  }

  /** What was offered could not be stored. */
  takeBack({ table, number }: Publication): void {
    if (number === undefined) return;
    const { run } = number;
    this.#offered.delete(number);
    this.#admitted.set(table, run, this.#applied.get(table, run) ?? { taken: 0, missing: [] });
  }

  /** A publication was refused, and said to be: it does not count as missing. */
  pass(table: string, run: string, seq: number): void {
    const before = this.#admitted.get(table, run);
    this.#countJump(table, before, seq);
    this.#admitted.set(table, run, afterTaking(before, seq));
  }

  #countSnapshot(table: string, before: SequencePosition | undefined, seq: number, wasOpen: boolean): void {
    // It tells of more than came, before a heartbeat did.
    const isTail = before !== undefined && seq > endOf(before);
    if (isTail) this.counts.gap(table, 'tail');
    if (isTail || wasOpen) this.counts.resyncs++;
  }

  #countJump(table: string, before: SequencePosition | undefined, seq: number): void {
    const end = before === undefined ? 0 : endOf(before);
    // What a heartbeat told of was counted then.
    if (seq > end + 1) this.counts.gap(table, before === undefined ? 'start' : 'jump');
  }

  /** A heartbeat says how far the run is. Its word alone makes nothing else forgotten. */
  announce(table: string, run: string, seq: number): void {
    if (!this.#admitted.hasRoomFor(table, run)) return;
    const before = this.#admitted.get(table, run);
    const position = afterAnnouncing(before, seq);
    if (position === before) return;
    if (position.missing.length > (before?.missing.length ?? 0))
      this.counts.gap(table, before === undefined ? 'start' : 'tail');
    this.#admitted.set(table, run, position);
  }

  /** The table will be dropped after all that is admitted: what comes later begins a new one, without a gap. */
  expectDrop(table: string): void {
    this.#admitted.settle(table);
  }

  /** `isExpected`: {@link expectDrop} has seen it. */
  applyDrop(table: string, isExpected: boolean): void {
    this.#applied.settle(table);
    if (!isExpected) this.#settleAdmitted(table);
  }

  /** `isAdmitted`: {@link admit} has seen it. */
  apply({ table, op, sequence, number }: Publication, isAdmitted: boolean): void {
    if (number !== undefined) return this.#applyOffered(table, op, number);
    if (op === 'replace') this.#applied.settle(table);
    if (op === 'replace' && !isAdmitted) this.#settleAdmitted(table);
    if (sequence === undefined) return;
    const { run, taken, missing } = sequence;
    for (const book of isAdmitted ? [this.#applied] : [this.#applied, this.#admitted])
      book.set(table, run, { taken, missing });
  }

  /** A whole table stands in the log now; what was offered after it, and stands there only later, may have jumped over more. */
  #settleAdmitted(table: string): void {
    this.#admitted.settle(table, (position, run) =>
      settledUpTo(position, this.#applied.get(table, run)?.taken ?? 0),
    );
  }

  #applyOffered(table: string, op: Op, number: SequenceNumber): void {
    const { run, seq } = number;
    const isOwn = this.#offered.delete(number);
    if (op !== 'replace') return this.#take(table, number);
    const [applied, admitted] = [this.#applied, this.#admitted].map((book) => book.get(table, run));
    this.#applied.settle(table);
    this.#applied.set(table, run, afterWhole(applied, seq));
    if (isOwn) return this.#closeAsApplied(table);
    this.#settleAdmitted(table);
    this.#admitted.set(table, run, afterWhole(admitted, seq));
  }

  /** It does not count as missing any more, whoever offered it. */
  #take(table: string, { run, seq }: SequenceNumber): void {
    for (const book of [this.#applied, this.#admitted]) {
      const before = book.get(table, run);
      if (standingOf(before, seq) !== 'seen') book.set(table, run, afterTaking(before, seq));
    }
  }

  /** An offered publication was refused by the log, and whoever sent it is told: it is not missing. */
  applyRefused({ table, number }: Publication): void {
    if (number === undefined) return;
    const isOwn = this.#offered.delete(number);
    if (number.snapshot !== true) this.#take(table, number);
    if (isOwn) this.#reopen(table);
  }

  /** An offered publication was no news to the log. What it was to mend where it was offered is missing still. */
  applyOld({ table, op, number }: Publication): void {
    if (number === undefined || !this.#offered.delete(number)) return;
    const { run, seq } = number;
    if (op === 'replace' || standingOf(this.#applied.get(table, run), seq) === 'late') this.#reopen(table);
  }

  /** What is missing of what is applied is missing of what is admitted too. */
  #reopen(table: string): void {
    if (!this.#applied.open.has(table)) return;
    for (const [run, position] of this.#applied.runsOf(table)!) {
      if (position.missing.length === 0) continue;
      const admitted = this.#admitted.get(table, run) ?? position;
      const later = admitted.missing.filter(([first]) => first > position.taken);
      this.#admitted.set(table, run, { ...admitted, missing: [...position.missing, ...later] });
    }
  }

  /** What came whole ends what is missing up to where the log stands; what was offered after it may have left more. */
  #closeAsApplied(table: string): void {
    this.#admitted.settle(table, (position, run) =>
      afterWhole(position, this.#applied.get(table, run)?.taken ?? 0),
    );
  }

  /** What was admitted and not applied never will be: its numbers are missing again. */
  forgetExpected(): void {
    this.#admitted.clear();
    for (const [table, run, position] of this.#applied.entries()) this.#admitted.set(table, run, position);
  }

  /** As it is applied now. */
  cut(): readonly (readonly [table: string, run: string, position: SequencePosition])[] {
    return [...this.#applied.entries()];
  }

  restore(table: string, run: string, position: SequencePosition): void {
    this.#applied.set(table, run, position);
    this.#admitted.set(table, run, position);
  }
}
