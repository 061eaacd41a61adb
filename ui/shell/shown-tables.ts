import { type ReadonlySignal, signal } from '@preact/signals-core';
import type { ClientMessage, Since } from '../../protocol/client-message.ts';
import { WantedTables } from '../client/wanted-tables.ts';

/** Of tables that were shown before, so many stay, … */
const MAX_RECENT_TABLES = 8;
/** … with so many bytes of rows together. */
const MAX_RECENT_BYTES = 64 * 1024 * 1024;

export interface ShownTablesOptions {
  /** Of the replica. */
  readonly tables: ReadonlyMap<string, { readonly contentBytes: number }>;
  /** Of a table that has not come yet, as far as is known. */
  readonly bytesOf: (table: string) => number;
  /** Sends on the line that is live. */
  readonly send: (message: ClientMessage) => void;
  /** Takes a table out of the replica. */
  readonly forget: (table: string) => void;
  /** Tables were forgotten, or less is awaited. */
  readonly onChange: () => void;
  /** Calls back after what is under way, so that what is wanted by several is asked for at once. */
  readonly defer: (callback: () => void) => void;
}

/**
 * Which tables the page's line brings: those on screen, and those that were there shortly before, so that going back to
 * them takes no time. A table that leaves these is unsubscribed and forgotten.
 */
export class ShownTables {
  readonly #options: ShownTablesOptions;
  readonly #shown = new WantedTables();
  /** Shown before, the last one last; none of them is shown. */
  #recent: string[] = [];
  /** What the gateway was asked for on this line, … */
  #onLine = new Set<string>();
  /** … and what of it with its first subscription. */
  #greeted: readonly string[] = [];
  readonly #awaited = signal<ReadonlySet<string>>(new Set());
  /** Not to be asked for yet, by how many. */
  readonly #holds = new Map<string, number>();
  #isUp = false;
  #isDue = false;

  constructor(options: ShownTablesOptions) {
    this.#options = options;
  }

  /** Wanted tables of which the gateway has not brought anything yet, nor said that there is nothing. */
  get awaited(): ReadonlySignal<ReadonlySet<string>> {
    return this.#awaited;
  }

  /** Whether changes of this table are to be applied. */
  has(table: string): boolean {
    return this.#shown.has(table) || this.#recent.includes(table);
  }

  /** Whether all that is on screen has come, as far as there is any of it. */
  get isComplete(): boolean {
    const awaited = this.#awaited.peek();
    return awaited.size === 0 || !this.#shown.names.some((name) => awaited.has(name));
  }

  /** A table is on screen until the function that this answers is called. */
  show(table: string): () => void {
    if (!this.has(table) && !this.#options.tables.has(table))
      this.#setAwaited([...this.#awaited.peek(), table]);
    this.#recent = this.#recent.filter((name) => name !== table);
    this.#shown.add([table]);
    this.#later();
    let isShown = true;
    return () => {
      if (!isShown) return;
      isShown = false;
      if (this.#shown.remove([table]).length > 0) this.#recent.push(table);
      this.#later();
    };
  }

  /** The table is not asked for, unless it was, until the function that this answers is called. */
  hold(table: string): () => void {
    this.#holds.set(table, (this.#holds.get(table) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.#holds.get(table) ?? 0) - 1;
      if (left > 0) this.#holds.set(table, left);
      else this.#holds.delete(table);
      this.#later();
    };
  }

  /** A new line begins; null where it begins from nothing. */
  lineBegins(since: Since | null): void {
    const { tables } = this.#options;
    // What `since` does not hold for is asked for whole, once the line is up.
    this.#greeted = this.#wanted().filter((name) =>
      since === null ? !this.#holds.has(name) : tables.has(name),
    );
    this.#onLine = new Set(this.#greeted);
    this.#setAwaited(this.#wanted().filter((name) => !tables.has(name)));
  }

  /** What the line's first subscription asks for. */
  get greeting(): readonly string[] {
    return this.#greeted;
  }

  lineIsUp(): void {
    this.#isUp = true;
    this.#ask();
  }

  lineIsDown(): void {
    this.#isUp = false;
  }

  /** A commit was applied. `isAnswer`: it answers the line's first subscription, whole. */
  commit({ isAnswer }: { readonly isAnswer: boolean }): void {
    const { tables } = this.#options;
    this.#dropAwaited((name) => tables.has(name) || (isAnswer && this.#greeted.includes(name)));
  }

  /** The gateway has these tables and no others, now or after what the replica shows. */
  noteList(has: (table: string) => boolean): void {
    this.#dropAwaited((name) => !has(name));
    // Tables grow.
    if (this.#trim()) this.#later();
  }

  #wanted(): string[] {
    return [...this.#shown.names, ...this.#recent];
  }

  #later(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#options.defer(() => {
      this.#isDue = false;
      this.#trim();
      this.#forget();
      this.#ask();
      this.#options.onChange();
    });
  }

  /** Keeps recent tables within their bounds, each that fits beside those that were shown later. Answers whether some go. */
  #trim(): boolean {
    const { tables, bytesOf } = this.#options;
    const kept: string[] = [];
    let leftBytes = MAX_RECENT_BYTES;
    for (const name of this.#recent.toReversed()) {
      const bytes = tables.get(name)?.contentBytes ?? bytesOf(name);
      if (kept.length === MAX_RECENT_TABLES || bytes > leftBytes) continue;
      leftBytes -= bytes;
      kept.unshift(name);
    }
    const isLess = kept.length < this.#recent.length;
    this.#recent = kept;
    return isLess;
  }

  #forget(): void {
    const { tables, forget } = this.#options;
    for (const name of [...tables.keys()]) if (!this.has(name)) forget(name);
    this.#setAwaited([...this.#awaited.peek()].filter((name) => this.has(name)));
  }

  #ask(): void {
    if (!this.#isUp) return;
    const gone = [...this.#onLine].filter((name) => !this.has(name));
    const added = this.#wanted().filter((name) => !this.#onLine.has(name) && !this.#holds.has(name));
    for (const name of gone) this.#onLine.delete(name);
    for (const name of added) this.#onLine.add(name);
    if (gone.length > 0) this.#options.send({ type: 'unsubscribe', tables: gone });
    if (added.length > 0) this.#options.send({ type: 'subscribe', tables: added });
  }

  #dropAwaited(isOver: (table: string) => boolean): void {
    const awaited = [...this.#awaited.peek()];
    const left = awaited.filter((name) => !isOver(name));
    if (left.length === awaited.length) return;
    this.#setAwaited(left);
    this.#options.onChange();
  }

  #setAwaited(names: readonly string[]): void {
    const before = this.#awaited.peek();
    if (names.length !== before.size || names.some((name) => !before.has(name)))
      this.#awaited.value = new Set(names);
  }
}
