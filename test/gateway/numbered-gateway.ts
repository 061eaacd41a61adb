import { FORMATS } from '../../gateway/http/read-rows.ts';
import { Intake } from '../../gateway/intake.ts';
import { EntryReader, entryRecord } from '../../gateway/log/entry-codec.ts';
import type { LogEntry } from '../../gateway/log/log.ts';
import { type LogRecord, prepareRecord, readRecord } from '../../gateway/log/log-record.ts';
import { createMemoryLog } from '../../gateway/log/memory-log.ts';
import { Rejections } from '../../gateway/rejections.ts';
import { SequenceTracker } from '../../gateway/sequence/sequence-tracker.ts';
import { cutStore } from '../../gateway/tables/table-state.ts';
import { TableStateReader } from '../../gateway/tables/table-state-reader.ts';
import { TableStore } from '../../gateway/tables/table-store.ts';
import { fromValues, type Row } from '../../protocol/arrow/from-values.ts';
import { HEARTBEAT_TOPIC } from '../../protocol/control-topics.ts';
import type { Header } from '../../protocol/header.ts';

export interface NumberedMessage {
  readonly table: string;
  readonly header: Header;
  readonly rows: readonly Row[];
  readonly types?: Readonly<Record<string, string>>;
}

/** Intake, tracker and store, with a clock that stands until it is moved, and what is asked of producers. */
export class NumberedGateway {
  readonly rejections = new Rejections({ max: 100 });
  /** What was asked for and not looked at yet. */
  asked: string[] = [];
  nowMs = 0;
  #store = newStore();
  #sequence!: SequenceTracker;
  #intake!: Intake;
  #logged: LogRecord[] = [];
  #snapshot: LogRecord[] = [];

  constructor() {
    this.#open();
  }

  get sequence(): SequenceTracker {
    return this.#sequence;
  }

  get store(): TableStore {
    return this.#store;
  }

  take({ table, header, rows, types = {} }: NumberedMessage): void {
    const frames = [Buffer.from(table), Buffer.from(JSON.stringify(header)), fromValues(rows, { types })];
    this.#intake.takeMessages([{ frames, source: 'sub' }]);
  }

  heartbeat(run: string, tables: Readonly<Record<string, number>>, no_snapshot?: readonly string[]): void {
    const json = JSON.stringify({ run, tables, no_snapshot });
    this.#intake.takeMessages([{ frames: [Buffer.from(HEARTBEAT_TOPIC), Buffer.from(json)], source: 'sub' }]);
  }

  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 200) {
      this.nowMs += Math.min(200, left);
      this.#sequence.tick();
    }
  }

  rows(table: string): Row[] {
    const live = this.#store.tables.get(table)?.live;
    if (live === undefined) return [];
    const columns = live.fields.map((_, column) => column);
    const { batches } = live.readLazily(columns, 0, live.rowCount);
    return JSON.parse([...FORMATS.json.write({ fields: live.fields, batches })].join('')) as Row[];
  }

  commit(scope: { readonly type: 'drop'; readonly table: string }): void {
    this.#fold({ publications: [], commit: { scope, timeMs: 0 } });
  }

  /** From here on a start begins with the tables as they are now. */
  writeSnapshot(): void {
    this.#snapshot = stored(cutStore(this.#store, 1 << 16));
    this.#logged = [];
  }

  /** Ends and begins again with what the log and its last snapshot hold. */
  restart(): void {
    this.#store = newStore();
    const state = new TableStateReader(this.#store);
    for (const record of this.#snapshot) state.add(record);
    state.end();
    const reader = new EntryReader((table) => this.#store.head(table));
    for (const record of this.#logged) this.#store.apply(reader.read(record));
    this.#open();
  }

  #fold(entry: LogEntry) {
    this.#logged.push(...stored([entryRecord(entry)]));
    return this.#store.apply(entry);
  }

  #open(): void {
    const store = this.#store;
    const now = () => this.nowMs;
    this.#sequence = new SequenceTracker({ store, now, monotonicMs: now });
    // Its own timer has no part in this: time passes by `pass` alone.
    this.#sequence.askBy((tables) => this.asked.push(...(tables === 'all' ? ['*'] : tables)));
    this.#intake = new Intake({
      store,
      log: createMemoryLog({ epoch: 'e', fold: (entry) => this.#fold(entry) }),
      sequence: this.#sequence,
      rejections: this.rejections,
      commitMode: 'auto',
      maxMessageBytes: 1e9,
      now,
      onCommit: () => {},
      onRejected: () => {},
    });
  }
}

function newStore(): TableStore {
  const history = { maxAgeMs: 60_000, maxBytes: 1e9 };
  return new TableStore({ history, maxTables: 100, maxStagedBytes: 1e12, maxMemoryBytes: 1e12 });
}

/** As they come back from a disk. */
function stored(records: Iterable<LogRecord>): LogRecord[] {
  return Array.from(records, (record) => {
    const prepared = prepareRecord(record);
    const bytes = new Uint8Array(prepared.byteLength);
    prepared.writeTo(bytes);
    return readRecord(bytes);
  });
}
