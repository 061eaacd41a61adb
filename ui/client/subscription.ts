import type { LiveTable } from '../../protocol/table/live-table.ts';
import { TableView } from './table-view.ts';
import { ALL_TABLES } from './wanted-tables.ts';

/** The replica as a subscription sees it. */
export interface SubscriptionSource {
  readonly tables: ReadonlyMap<string, LiveTable>;
  readonly position: { readonly epoch: string; readonly version: number } | null;
  /** Whether everything that there is of these tables has come. */
  isComplete(names: readonly string[]): boolean;
}

/** The tables of a subscription at one version. */
export interface Update {
  readonly epoch: string;
  readonly version: number;
  /** Which of the subscription's tables are other than at its last update, dropped ones included. */
  readonly changed: ReadonlySet<string>;
  /** Undefined where the gateway has no such table. */
  table(name: string): TableView | undefined;
  /** The names of the subscription's tables that there are. */
  readonly tables: readonly string[];
}

export interface SubscriptionOptions {
  readonly names: readonly string[];
  readonly source: SubscriptionSource;
  readonly onClose: () => void;
}

/**
 * Some tables, followed commit by commit: `for await (const update of subscription)`. The first update comes once all of
 * these tables that there are have come. Who takes longer than the next commit gets several as one: the newest state is
 * what counts, and nothing queues up. Leaving the loop closes it.
 */
export class Subscription implements AsyncIterable<Update> {
  readonly names: readonly string[];
  readonly #options: SubscriptionOptions;
  #changed = new Set<string>();
  #hasBegun = false;
  #isClosed = false;
  #failure: Error | null = null;
  #wake: () => void = () => {};

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.names = options.names;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Update, void, undefined> {
    try {
      while (!this.#isClosed) {
        const update = this.#take();
        if (update !== null) yield update;
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
      if (this.#failure !== null) throw this.#failure;
    } finally {
      this.close();
    }
  }

  /** Undefined where the gateway has no such table, or it has not come yet. */
  table(name: string): TableView | undefined {
    const { source } = this.#options;
    let last = this.#follows(name) ? source.tables.get(name) : undefined;
    if (last === undefined) return undefined;
    return new TableView(name, () => {
      // Nobody keeps the table for a subscription that is closed.
      last = source.tables.get(name) ?? (this.#isClosed ? last : undefined);
      return last;
    });
  }

  /** Ends the loop over it; idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.onClose();
    this.#wake();
  }

  /** Of the client: these tables changed, or with none of them it may be complete now. */
  note(changed: Iterable<string>): void {
    for (const name of changed) if (this.#follows(name)) this.#changed.add(name);
    this.#wake();
  }

  /** Of the client: it cannot go on. */
  fail(error: Error): void {
    this.#failure = error;
    this.close();
  }

  #follows(name: string): boolean {
    return this.names.includes(ALL_TABLES) || this.names.includes(name);
  }

  #take(): Update | null {
    const { source } = this.#options;
    const { position } = source;
    if (position === null || (!this.#hasBegun && !source.isComplete(this.names))) return null;
    if (this.#hasBegun && this.#changed.size === 0) return null;
    const tables = [...source.tables.keys()].filter((name) => this.#follows(name));
    const changed = this.#hasBegun ? this.#changed : new Set(tables);
    this.#hasBegun = true;
    this.#changed = new Set();
    return { ...position, changed, tables, table: (name) => this.table(name) };
  }
}
