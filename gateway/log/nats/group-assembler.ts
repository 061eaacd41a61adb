/** One message of the stream: a part of a group of entries. */
export interface GroupPart {
  /** One life of one gateway. */
  readonly sender: string;
  /** 1, 2, 3 … of the sender. */
  readonly group: number;
  readonly part: number;
  readonly parts: number;
  readonly bytes: Uint8Array;
  /** The message's place in the stream, and when the stream took it. */
  readonly sequence: number;
  readonly timeMs: number;
}

/** A sender, the last group of it that was whole, and when that came. */
export type SenderState = readonly [sender: string, lastGroup: number, timeMs: number];

interface OpenGroup {
  readonly group: number;
  readonly firstSequence: number;
  /** Of the last part that came, be it again. */
  lastTimeMs: number;
  readonly parts: (Uint8Array | undefined)[];
  missing: number;
}

/**
 * A sender that ended leaves its last group unfinished; after so long without a part none comes any more. Well above the time in which
 * the servers drop what they have: a part that was forgotten here in that time could not be sent again.
 */
const OPEN_MS = 600_000;
/** No sender sends a group anew after so long. */
const SENDER_MS = 3_600_000;
const PRUNED_SENDERS = 1000;

/**
 * Puts the groups together whose parts stand in the stream: a group is folded where its last part stands, and once, however
 * often it was sent. A sender finishes a group before the next one, so an unfinished one goes with the next. Everything is
 * decided by what stands in the stream, so every gateway decides the same.
 */
export class GroupAssembler {
  readonly #open = new Map<string, OpenGroup>();
  readonly #senders = new Map<string, { lastGroup: number; timeMs: number }>();

  constructor(senders: readonly SenderState[] = []) {
    for (const [sender, lastGroup, timeMs] of senders) this.#senders.set(sender, { lastGroup, timeMs });
  }

  /** All parts of the group, in their order, where this was the one that was missing. */
  add(part: GroupPart): readonly Uint8Array[] | null {
    this.#forget(part.timeMs);
    const { sender, group } = part;
    if (group <= (this.#senders.get(sender)?.lastGroup ?? 0)) return null;
    const open = this.#openGroup(part);
    if (open === null || open.parts[part.part] !== undefined || part.part >= open.parts.length) return null;
    open.parts[part.part] = part.bytes;
    if (--open.missing > 0) return null;
    this.#open.delete(sender);
    this.#senders.set(sender, { lastGroup: group, timeMs: part.timeMs });
    return open.parts as Uint8Array[];
  }

  /** From where the stream has to be read again to have what is unfinished now; `next` where nothing is. */
  readFrom(next: number): number {
    return Math.min(next, ...[...this.#open.values()].map(({ firstSequence }) => firstSequence));
  }

  senders(): SenderState[] {
    return [...this.#senders].map(([sender, { lastGroup, timeMs }]) => [sender, lastGroup, timeMs]);
  }

  /** null where a later group of the sender has begun. */
  #openGroup({ sender, group, parts, sequence, timeMs }: GroupPart): OpenGroup | null {
    const open = this.#open.get(sender);
    if (open !== undefined && open.group >= group) {
      if (open.group > group) return null;
      open.lastTimeMs = timeMs;
      return open;
    }
    const begun: OpenGroup = {
      group,
      firstSequence: sequence,
      lastTimeMs: timeMs,
      parts: new Array<undefined>(parts).fill(undefined),
      missing: parts,
    };
    this.#open.set(sender, begun);
    return begun;
  }

  #forget(nowMs: number): void {
    for (const [sender, { lastTimeMs }] of this.#open)
      if (lastTimeMs < nowMs - OPEN_MS) this.#open.delete(sender);
    if (this.#senders.size < PRUNED_SENDERS) return;
    for (const [sender, { timeMs }] of this.#senders)
      if (timeMs < nowMs - SENDER_MS) this.#senders.delete(sender);
  }
}
