/** Numbers from the first to the last, both included. */
export type Stretch = readonly [first: number, last: number];

/** Where a table stands in one run of a producer, whose publications to it are numbered 1, 2, 3 …. */
export interface SequencePosition {
  /** The highest number that came; 0 before the first. */
  readonly taken: number;
  /** Numbers that did not come, ascending; those above `taken` are known from heartbeats. */
  readonly missing: readonly Stretch[];
}

/** Where a table stands in a run with a publication, and what goes into the log with it. */
export interface TakenSequence extends SequencePosition {
  readonly run: string;
}

/** Where a publication stands in its run, as its header says. */
export interface SequenceNumber {
  readonly run: string;
  readonly seq: number;
  /** It is the whole table as of that number. */
  readonly snapshot?: boolean;
}

/** What a number is to a position: the next one, one that comes late, or one that came before. */
export type Standing = 'next' | 'late' | 'seen';

/** Stretches that are kept of one position; beyond, the oldest is given up and counts as seen. */
export const MAX_STRETCHES = 64;

const NOTHING: SequencePosition = { taken: 0, missing: [] };

export function standingOf(position: SequencePosition | undefined, seq: number): Standing {
  if (position === undefined || seq > position.taken) return 'next';
  return position.missing.some(([first, last]) => first <= seq && seq <= last) ? 'late' : 'seen';
}

/** After one more publication; a jump leaves a stretch missing. */
export function afterTaking(position: SequencePosition | undefined, seq: number): SequencePosition {
  const { taken, missing } = position ?? NOTHING;
  // The usual case makes no list.
  if (seq === taken + 1 && missing.length === 0) return { taken: seq, missing };
  if (seq <= taken) return { taken, missing: without(missing, seq, seq) };
  const before = missing.filter(([first]) => first <= taken);
  const jumped: readonly Stretch[] = seq > taken + 1 ? [[taken + 1, seq - 1]] : [];
  const announced = missing.filter(([first]) => first > taken);
  return limited({ taken: seq, missing: [...before, ...jumped, ...without(announced, 0, seq)] });
}

/** After a publication that is the whole table as of its number: what is older does not matter any more. */
export function afterWhole(position: SequencePosition | undefined, seq: number): SequencePosition {
  const { taken, missing } = position ?? NOTHING;
  return { taken: Math.max(taken, seq), missing: without(missing, 0, seq) };
}

/** After the producer has said that it is so far. */
export function afterAnnouncing(position: SequencePosition | undefined, seq: number): SequencePosition {
  const known = position ?? NOTHING;
  const end = endOf(known);
  if (seq <= end) return known;
  const last = known.missing.at(-1);
  // What was announced before and has not come is one stretch with it.
  if (last !== undefined && last[1] === end && last[1] > known.taken)
    return { ...known, missing: [...known.missing.slice(0, -1), [last[0], seq]] };
  return limited({ ...known, missing: [...known.missing, [end + 1, seq]] });
}

/** Nothing is missing any more: a whole table came from elsewhere, or the table is dropped. */
export function settled(position: SequencePosition): SequencePosition {
  return position.missing.length === 0 ? position : { taken: endOf(position), missing: [] };
}

/**
 * As {@link settled}, for a position that is ahead of the log: what comes to stand there after the whole table leaves behind what it jumps
 * over. `logged`: the highest number that stands in the log.
 */
export function settledUpTo(position: SequencePosition, logged: number): SequencePosition {
  const { taken, missing } = position;
  const jumped = without(missing, 0, logged).filter(([first]) => first <= taken);
  return { taken: endOf(position), missing: jumped };
}

/** What publications alone tell, without what heartbeats do. */
export function withoutAnnounced({ taken, missing }: SequencePosition): SequencePosition {
  return { taken, missing: missing.filter(([first]) => first <= taken) };
}

/** The highest number that came or was told of. */
export function endOf({ taken, missing }: SequencePosition): number {
  return Math.max(taken, missing.at(-1)?.[1] ?? 0);
}

function without(stretches: readonly Stretch[], from: number, to: number): Stretch[] {
  return stretches.flatMap(([first, last]) => {
    if (last < from || first > to) return [[first, last]] satisfies Stretch[];
    const left: Stretch[] = first < from ? [[first, from - 1]] : [];
    const right: Stretch[] = last > to ? [[to + 1, last]] : [];
    return [...left, ...right];
  });
}

function limited({ taken, missing }: SequencePosition): SequencePosition {
  return { taken, missing: missing.slice(-MAX_STRETCHES) };
}
