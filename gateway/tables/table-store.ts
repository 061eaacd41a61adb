import type { IpcTable } from '../../protocol/arrow/read-ipc.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { Header } from '../../protocol/header.ts';
import type { LogEntry } from '../log/log.ts';
import { admit, type TableHead } from './admission.ts';
import type { Commit } from './commit.ts';
import { ExpectedEntries } from './expected-entries.ts';
import { type Message, type Publication, publicationFrom } from './publication.ts';
import { StoredTable } from './stored-table.ts';
import type { HistoryLimits } from './table-history.ts';
import { TableSequences } from './table-sequences.ts';

export interface StoreLimits {
  readonly history: HistoryLimits;
  readonly maxTables: number;
  readonly maxStagedBytes: number;
  readonly maxMemoryBytes: number;
}

/** A table that went, and the version in which it did. */
export interface Drop {
  readonly table: string;
  readonly version: number;
}

/** A drop is remembered for viewers that resume, the oldest forgotten first. */
const MAX_DROPS = 10_000;

/**
 * All tables: the fold over the log. The same entries give the same tables, versions and history in any gateway, for
 * time comes only with the entries. Publications are admitted (checked) before they are logged, so the fold never fails.
 */
export class TableStore {
  readonly sequences = new TableSequences();
  readonly #limits: StoreLimits;
  readonly #tables = new Map<string, StoredTable>();
  readonly #heads = new Map<string, TableHead>();
  /** As they were when the last entry was applied: a log may store for a while before it applies. */
  readonly #appliedHeads = new Map<string, TableHead>();
  readonly #expected = new ExpectedEntries();
  #drops: Drop[] = [];
  #version = 0;
  #listedVersion = 0;
  #stagedBytes = 0;
  /** Measured now and then, for walking all tables costs; what came in since is added. */
  #memoryBytes = 0;

  constructor(limits: StoreLimits) {
    this.#limits = limits;
  }

  get version(): number {
    return this.#version;
  }

  /** Of the publications in all stages. */
  get stagedBytes(): number {
    return this.#stagedBytes;
  }

  get tables(): ReadonlyMap<string, StoredTable> {
    return this.#tables;
  }

  /** What the table will be once all that is admitted is committed; null where there is none. */
  head(name: string): TableHead | null {
    return this.#heads.get(name) ?? null;
  }

  /** @throws TablecastError `no_such_table` */
  table(name: string): StoredTable {
    const table = this.#tables.get(name);
    if (table === undefined) throw new TablecastError('no_such_table', `There is no table "${name}".`);
    return table;
  }

  /**
   * Checks a publication against what its table will be; from here on it is sure to be applied.
   *
   * @throws TablecastError of {@link admit}, `stage_full`, `memory_full`, `too_many_tables`
   */
  admit(table: string, header: Header, data: IpcTable, message: Message): Publication {
    const admitted = admit(table, header, data, this.#heads.get(table) ?? null);
    this.#checkLimits(table, message);
    if (admitted.head !== null) this.#heads.set(table, admitted.head);
    const sequence = this.sequences.admit(table, admitted.op, header);
    const publication = {
      ...publicationFrom(table, header, data, message, admitted),
      ...(sequence === undefined ? {} : { sequence }),
    };
    this.#expected.add(publication, message.held);
    return publication;
  }

  /**
   * Checks limits alone, for a log that others append to as well: whether it fits is decided when it is folded.
   *
   * @throws TablecastError `stage_full`, `memory_full`, `too_many_tables`
   */
  offer(table: string, header: Header, data: IpcTable, message: Message): Publication {
    this.#checkLimits(table, message);
    const { op, key } = header;
    const asked = { ...(op === undefined ? {} : { op }), ...(key === undefined ? {} : { key }) };
    const unsettled = { op: op ?? 'replace', key: key ?? null, head: null };
    const number = this.sequences.offer(table, this.#heads.get(table)?.key ?? null, header);
    const publication = {
      ...publicationFrom(table, header, data, message, unsettled),
      asked,
      ...(number === undefined ? {} : { number }),
    };
    this.#expected.add(publication, message.held);
    return publication;
  }

  /** What was offered is to be applied in another shape, or never will be. */
  withdraw(publication: Publication): void {
    this.#expected.take(publication);
  }

  /** The entry will be applied after all that was admitted before: what is admitted from now on comes after it. */
  expect(entry: LogEntry): void {
    if (entry.commit?.scope.type !== 'drop') return;
    this.#heads.delete(entry.commit.scope.table);
    this.sequences.expectDrop(entry.commit.scope.table);
    this.#expected.addDrop(entry);
  }

  /** What was admitted or expected and is not applied yet will never be. */
  forgetExpected(): void {
    this.sequences.forgetExpected();
    this.#heads.clear();
    for (const [name, head] of this.#appliedHeads) this.#heads.set(name, head);
    this.#expected.clear();
  }

  /** As {@link head}, when what is applied now is all there is. */
  appliedHead(name: string): TableHead | null {
    return this.#appliedHeads.get(name) ?? null;
  }

  /** The version at which a table last came or went; a later one, where that is not known any more. */
  get listedVersion(): number {
    return this.#listedVersion;
  }

  get drops(): readonly Drop[] {
    return this.#drops;
  }

  /** For a store without tables: begins as a cut of another was. Its tables follow, in their order. */
  restore(state: { readonly version: number; readonly drops: readonly Drop[] }): void {
    this.#version = state.version;
    this.#listedVersion = state.version;
    this.#drops = [...state.drops];
  }

  restoreTable(name: string, head: TableHead, createdAtMs: number): StoredTable {
    const table = new StoredTable(name, this.#limits.history, createdAtMs);
    this.#tables.set(name, table);
    this.#heads.set(name, head);
    this.#appliedHeads.set(name, head);
    return table;
  }

  restoreStaged(publication: Publication): void {
    this.#stagedBytes += publication.byteLength;
    this.table(publication.table).stage.push(publication);
  }

  #checkLimits(table: string, message: Message): void {
    const { maxTables, maxStagedBytes, maxMemoryBytes } = this.#limits;
    const stagedBytes = this.#stagedBytes + this.#expected.heldBytes;
    const addedBytes = this.#expected.bytes + message.byteLength;
    if (message.held && stagedBytes + message.byteLength > maxStagedBytes) {
      throw new TablecastError(
        'stage_full',
        `The stage holds ${stagedBytes} of ${maxStagedBytes} bytes, and the publication for "${table}" has ${message.byteLength}; commit with /update_data.`,
      );
    }
    if (
      this.#memoryBytes + addedBytes > maxMemoryBytes &&
      this.measureMemory() + addedBytes > maxMemoryBytes
    ) {
      throw new TablecastError(
        'memory_full',
        `The tables hold ${this.#memoryBytes} of ${maxMemoryBytes} bytes; give tables a retention, delete some, or raise --max-memory-bytes.`,
      );
    }
    if (!this.#heads.has(table) && this.#heads.size >= maxTables) {
      throw new TablecastError(
        'too_many_tables',
        `There are ${maxTables} tables already; "${table}" would be one more.`,
      );
    }
  }

  /** Bytes of all tables and stages, counted anew. */
  measureMemory(): number {
    this.#memoryBytes = this.#stagedBytes;
    for (const table of this.#tables.values()) this.#memoryBytes += table.live.bytes;
    return this.#memoryBytes;
  }

  /** Applies one entry of the log; the commit that it made, if any. */
  apply(entry: LogEntry): Commit | null {
    for (const publication of entry.publications) this.#stage(publication);
    if (entry.commit === null) return null;
    const { timeMs, scope } = entry.commit;
    switch (scope.type) {
      case 'all':
        return this.#commit([...this.#tables.values()], timeMs);
      case 'stage':
        return this.#commit(this.#known(scope.tables), timeMs);
      case 'retention':
        return this.#trim(this.#known(scope.tables), timeMs);
      case 'drop':
        return this.#drop(scope.table, timeMs, entry);
    }
  }

  #known(names: readonly string[]): StoredTable[] {
    return names.flatMap((name) => this.#tables.get(name) ?? []);
  }

  /** A delete from a table that does not exist leaves nothing behind. */
  #stage(publication: Publication): void {
    const { table: name, head, byteLength, receivedAtMs } = publication;
    const isExpected = this.#expected.take(publication);
    this.sequences.apply(publication, isExpected);
    if (head === null) return;
    if (!isExpected) this.#heads.set(name, head);
    this.#appliedHeads.set(name, head);
    this.#stagedBytes += byteLength;
    this.#memoryBytes += byteLength;
    let table = this.#tables.get(name);
    if (table === undefined) {
      table = new StoredTable(name, this.#limits.history, receivedAtMs);
      this.#tables.set(name, table);
    }
    table.stage.push(publication);
  }

  #commit(tables: readonly StoredTable[], timeMs: number): Commit {
    const at = { version: ++this.#version, timeMs };
    const changed: string[] = [];
    let rows = 0;
    for (const table of tables) {
      for (const { byteLength } of table.stage) this.#stagedBytes -= byteLength;
      const isNew = table.history.changed === 0;
      const result = table.stage.length > 0 ? table.commitStage(at) : table.trim(at);
      if (result === null) continue;
      if (isNew) this.#listedVersion = at.version;
      changed.push(table.name);
      rows += result.rows;
    }
    return { ...at, tables: changed, rows };
  }

  #trim(tables: readonly StoredTable[], timeMs: number): Commit {
    const at = { version: ++this.#version, timeMs };
    return {
      ...at,
      tables: tables.flatMap((table) => (table.trim(at) === null ? [] : [table.name])),
      rows: 0,
    };
  }

  #drop(name: string, timeMs: number, entry: LogEntry): Commit {
    const at = { version: ++this.#version, timeMs };
    for (const { byteLength } of this.#tables.get(name)?.stage ?? []) this.#stagedBytes -= byteLength;
    const existed = this.#tables.delete(name);
    const isExpected = this.#expected.takeDrop(entry);
    if (!isExpected) this.#heads.delete(name);
    this.sequences.applyDrop(name, isExpected);
    this.#appliedHeads.delete(name);
    if (existed) {
      this.#listedVersion = at.version;
      this.#drops = [...this.#drops.slice(1 - MAX_DROPS), { table: name, version: at.version }];
    }
    return { ...at, tables: existed ? [name] : [], rows: 0 };
  }

  /** Tables that were dropped after the version and do not show again now; one that only waits in its stage does not. */
  droppedAfter(version: number): string[] {
    const names = this.#drops
      .filter((drop) => drop.version > version && !this.#tables.get(drop.table)?.history.changed)
      .map((drop) => drop.table);
    return [...new Set(names)];
  }

  /** Tables with rows that have outlived their `max_age_ms` at that time. */
  expired(nowMs: number): string[] {
    return [...this.#tables.values()].filter((table) => table.hasExpired(nowMs)).map((table) => table.name);
  }
}
