/** One message of the stream: a part of a group of entries. */
export interface GroupPart {
  /** One life of one gateway. */
  readonly sender: string;
  /** 1, 2, 3 … of the sender. */
  readonly group: number;
  /** The sender's group that is to be folded before this one; 0 where it waits for none. */
  readonly after: number;
  readonly part: number;
  readonly parts: number;
  readonly bytes: Uint8Array;
  /** The message's place in the stream, and when the stream took it. */
  readonly sequence: number;
  readonly timeMs: number;
}

/** A group whose turn it is, all its parts in their order. */
export interface WholeGroup {
  readonly group: number;
  readonly parts: readonly Uint8Array[];
}

/** A sender, the last group of it that was folded, and when that was. */
export type SenderState = readonly [sender: string, lastGroup: number, timeMs: number];

interface OpenGroup {
  readonly group: number;
  readonly after: number;
  readonly firstSequence: number;
  /** Of the last part that came, be it again. */
  lastTimeMs: number;
  readonly parts: (Uint8Array | undefined)[];
  missing: number;
}

/**
 * A sender that ended leaves its last groups unfinished; after so long without a part none comes any more. Well above the time in which
 * the servers drop what they have: a part that was forgotten here in that time could not be sent again.
 */
const OPEN_MS = 600_000;
/** No sender sends a group anew after so long. */
const SENDER_MS = 3_600_000;
const PRUNED_SENDERS = 1000;

/**
 * Puts the groups together whose parts stand in the stream: a group is folded once, however often it was sent, where its last part
 * stands, or that of the group before it, whichever comes later. What stands between the two in the sender's counting was given up,
 * and is folded no more. Everything is decided by what stands in the stream, so every gateway decides the same.
 */
export class GroupAssembler {
  /** By sender, in the order of their numbers. */
  readonly #open = new Map<string, readonly OpenGroup[]>();
  readonly #senders = new Map<string, { lastGroup: number; timeMs: number }>();

  constructor(senders: readonly SenderState[] = []) {
    for (const [sender, lastGroup, timeMs] of senders) this.#senders.set(sender, { lastGroup, timeMs });
  }

  /** The groups whose turn it is with this part, in their order. */
  add(part: GroupPart): readonly WholeGroup[] {
    this.#forget(part.timeMs);
    const { sender } = part;
    if (part.group <= this.#lastGroup(sender)) return [];
    const open = this.#openGroup(part);
    if (open === null || open.parts[part.part] !== undefined || part.part >= open.parts.length) return [];
    open.parts[part.part] = part.bytes;
    if (--open.missing > 0) return [];
    return this.#takeWhole(sender, part.timeMs);
  }

  /** From where the stream has to be read again to have what is unfinished now; `next` where nothing is. */
  readFrom(next: number): number {
    return Math.min(next, ...[...this.#open.values()].flat().map(({ firstSequence }) => firstSequence));
  }

  senders(): SenderState[] {
    return [...this.#senders].map(([sender, { lastGroup, timeMs }]) => [sender, lastGroup, timeMs]);
  }

  #lastGroup(sender: string): number {
    return this.#senders.get(sender)?.lastGroup ?? 0;
  }

  /** null where the sender has given the group up. */
  #openGroup({ sender, group, after, parts, sequence, timeMs }: GroupPart): OpenGroup | null {
    const all = this.#open.get(sender) ?? [];
    const open = all.find((each) => each.group === group);
    if (open !== undefined) {
      open.lastTimeMs = timeMs;
      return open;
    }
    if (all.some((later) => later.after < group && group < later.group)) return null;
    const begun: OpenGroup = {
      group,
      after,
      firstSequence: sequence,
      lastTimeMs: timeMs,
      parts: new Array<undefined>(parts).fill(undefined),
      missing: parts,
    };
    const others = all.filter((each) => each.group <= after || each.group > group);
    this.#keep(
      sender,
      [...others, begun].toSorted((a, b) => a.group - b.group),
    );
    return begun;
  }

  #takeWhole(sender: string, timeMs: number): WholeGroup[] {
    const open = this.#open.get(sender) ?? [];
    const whole: WholeGroup[] = [];
    for (const { group, after, parts, missing } of open) {
      if (missing > 0 || after > this.#lastGroup(sender)) break;
      this.#senders.set(sender, { lastGroup: group, timeMs });
      whole.push({ group, parts: parts as Uint8Array[] });
    }
    this.#keep(sender, open.slice(whole.length));
    return whole;
  }

  #keep(sender: string, open: readonly OpenGroup[]): void {
    if (open.length === 0) this.#open.delete(sender);
    else this.#open.set(sender, open);
  }

  #forget(nowMs: number): void {
    for (const [sender, open] of this.#open)
      if (open.some(({ lastTimeMs }) => lastTimeMs < nowMs - OPEN_MS))
        this.#keep(
          sender,
          open.filter(({ lastTimeMs }) => lastTimeMs >= nowMs - OPEN_MS),
        );
    if (this.#senders.size < PRUNED_SENDERS) return;
    for (const [sender, { timeMs }] of this.#senders)
      if (timeMs < nowMs - SENDER_MS) this.#senders.delete(sender);
  }
}
