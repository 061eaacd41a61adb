import { TablecastError } from '../../../protocol/errors.ts';
import { encodeGroup } from './group-codec.ts';
import type { LogStream } from './log-stream.ts';
import type { OwnEntry } from './own-entry.ts';

/** Entries that are sent together, and not folded yet. */
export interface SentGroup {
  readonly group: number;
  readonly entries: readonly OwnEntry[];
  readonly byteLength: number;
  readonly isStored: boolean;
  readonly lastError: unknown;
}

export interface GroupLineOptions {
  readonly sender: string;
  readonly stream: LogStream;
  readonly retryMs: number;
  /** A group is stored, so there may be room for the next one. */
  readonly onStored: () => void;
  /** The servers will not take it. */
  readonly onRefused: (group: SentGroup, error: TablecastError) => void;
}

interface Group extends SentGroup {
  isStored: boolean;
  lastError: unknown;
  /** Counts them; the last one alone decides that it is to be sent again. 0 where it is to be sent. */
  attempt: number;
}

/** So much may be under way to be stored, and a larger group by itself. */
const UNDER_WAY_BYTES = 8 * 1024 * 1024;
/** Of groups that might as well have been larger. */
const SMALL_UNDER_WAY = 4;

/**
 * A sender's groups on their way into the stream, several at a time, and until they are folded. Each names the one before it, so it
 * does not matter where in the stream they come to stand. Where nobody knows what has become of one, it is sent again under its name,
 * and so are all after it: readers do not keep what waits for it for ever.
 */
export class GroupLine {
  readonly #options: GroupLineOptions;
  #groups: Group[] = [];
  #lastGroup = 0;
  #attempts = 0;
  #retry: NodeJS.Timeout | null = null;

  constructor(options: GroupLineOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#groups.length === 0;
  }

  /** Whether a group of so many bytes may be sent now, or had better wait for more entries. */
  hasRoom(byteLength: number, isFull: boolean): boolean {
    const underWay = this.#groups.filter(({ isStored }) => !isStored);
    if (underWay.length === 0) return true;
    const bytes = underWay.reduce((sum, group) => sum + group.byteLength, byteLength);
    return bytes <= UNDER_WAY_BYTES && (isFull || underWay.length < SMALL_UNDER_WAY);
  }

  add(entries: readonly OwnEntry[], byteLength: number): SentGroup {
    const group = {
      group: ++this.#lastGroup,
      entries,
      byteLength,
      isStored: false,
      lastError: null,
      attempt: 0,
    };
    this.#groups.push(group);
    if (this.#retry === null) this.#send();
    return group;
  }

  find(group: number): SentGroup | undefined {
    return this.#groups.find((each) => each.group === group);
  }

  /** A group and all that wait for it. */
  from({ group }: SentGroup): readonly SentGroup[] {
    return this.#groups.filter((each) => each.group >= group);
  }

  /** They are folded, or given up. */
  remove(groups: readonly SentGroup[]): void {
    this.#groups = this.#groups.filter((each) => !groups.includes(each));
  }

  /** Sends what is to be sent. */
  #send(): void {
    this.#retry = null;
    let after = 0;
    for (const group of this.#groups) {
      if (!group.isStored && group.attempt === 0) void this.#attempt(group, after);
      after = group.group;
    }
  }

  async #attempt(sent: Group, after: number): Promise<void> {
    const { stream, sender, onStored, onRefused } = this.#options;
    const { group, entries } = sent;
    const attempt = ++this.#attempts;
    sent.attempt = attempt;
    try {
      const bytes = encodeGroup(entries.map(({ record }) => record));
      await stream.append({ sender, group, after }, bytes);
      sent.isStored = true;
      onStored();
    } catch (thrown) {
      if (sent.attempt !== attempt || !this.#groups.includes(sent)) return;
      if (thrown instanceof TablecastError && thrown.code === 'log_write_failed') onRefused(sent, thrown);
      else this.#sendAgain(sent, thrown);
    }
  }

  #sendAgain(sent: Group, error: unknown): void {
    sent.lastError = error;
    for (const group of this.#groups) {
      if (group.group < sent.group) continue;
      group.isStored = false;
      group.attempt = 0;
    }
    this.#retry ??= setTimeout(() => this.#send(), this.#options.retryMs);
  }
}
