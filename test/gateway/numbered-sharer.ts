import { FORMATS } from '../../gateway/http/read-rows.ts';
import { Intake } from '../../gateway/intake.ts';
import type { Log, LogEntry } from '../../gateway/log/log.ts';
import { prepareRecord, readRecord } from '../../gateway/log/log-record.ts';
import { offeredRecord, readOffered, settleEntry } from '../../gateway/log/nats/shared-entry.ts';
import { Rejections } from '../../gateway/rejections.ts';
import { SequenceTracker } from '../../gateway/sequence/sequence-tracker.ts';
import { TableSchemas } from '../../gateway/tables/table-schemas.ts';
import { TableStore } from '../../gateway/tables/table-store.ts';
import { fromValues, type Row } from '../../protocol/arrow/from-values.ts';
import { HEARTBEAT_TOPIC } from '../../protocol/control-topics.ts';
import type { NumberedMessage } from './numbered-gateway.ts';

interface Logged {
  readonly from: NumberedSharer;
  readonly entry: LogEntry;
  readonly bytes: Uint8Array;
}

/** What stands in the log of several gateways. */
export type SharedOrder = Logged[];

/** A gateway of a shared log: what it appends stands in the log when it is its turn, and is folded when it is its turn. */
export class NumberedSharer {
  readonly rejections = new Rejections({ max: 100 });
  readonly store = new TableStore({
    history: { maxAgeMs: 60_000, maxBytes: 1e9 },
    maxTables: 100,
    maxStagedBytes: 1e12,
    maxMemoryBytes: 1e12,
  });
  asked: string[] = [];
  #nowMs = 0;
  readonly #order: SharedOrder;
  readonly #sequence: SequenceTracker;
  readonly #intake: Intake;
  readonly #schemas = new TableSchemas();
  #appended: LogEntry[] = [];
  #folded = 0;

  constructor(order: SharedOrder) {
    this.#order = order;
    const now = () => this.#nowMs;
    const { store } = this;
    this.#sequence = new SequenceTracker({ store, now, monotonicMs: now });
    this.#sequence.askBy((tables) => this.asked.push(...(tables === 'all' ? ['*'] : tables)));
    this.#intake = new Intake({
      store,
      log: { shared: {}, append: (entry: LogEntry) => this.#appended.push(entry) } as unknown as Log,
      sequence: this.#sequence,
      rejections: this.rejections,
      commitMode: 'auto',
      maxMessageBytes: 1e9,
      now,
      onCommit: () => {},
      onRejected: () => {},
    });
  }

  take({ table, header, rows, types = {} }: NumberedMessage): void {
    const frames = [Buffer.from(table), Buffer.from(JSON.stringify(header)), fromValues(rows, { types })];
    this.#intake.takeMessages([{ frames, source: 'sub' }]);
  }

  heartbeat(run: string, tables: Readonly<Record<string, number>>): void {
    const json = JSON.stringify({ run, tables });
    this.#intake.takeMessages([{ frames: [Buffer.from(HEARTBEAT_TOPIC), Buffer.from(json)], source: 'sub' }]);
  }

  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 200) {
      this.#nowMs += Math.min(200, left);
      this.#sequence.tick();
    }
  }

  /** So many of its entries come to stand in the log. */
  send(count = Number.POSITIVE_INFINITY): void {
    for (const entry of this.#appended.splice(0, count)) {
      const record = prepareRecord(offeredRecord(entry));
      const bytes = new Uint8Array(record.byteLength);
      record.writeTo(bytes);
      this.#order.push({ from: this, entry, bytes });
    }
  }

  follow(): void {
    const { store } = this;
    const { sequences } = store;
    for (const { from, entry, bytes } of this.#order.slice(this.#folded)) {
      this.#folded++;
      const offered = from === this ? entry : readOffered(readRecord(bytes), this.#schemas);
      for (const publication of offered.publications) store.withdraw(publication);
      const settled = settleEntry(
        offered,
        (table) => store.appliedHead(table),
        (publication) => sequences.isNews(publication),
      );
      store.apply(settled.entry);
      for (const { publication, error } of settled.refused) {
        this.rejections.add(error, { at_ms: 0, source: 'sub', table: publication.table });
        sequences.applyRefused(publication);
      }
      for (const publication of settled.old) sequences.applyOld(publication);
    }
  }

  rows(table: string): Row[] {
    const live = this.store.tables.get(table)?.live;
    if (live === undefined) return [];
    const columns = live.fields.map((_, column) => column);
    const { batches } = live.readLazily(columns, 0, live.rowCount);
    return JSON.parse([...FORMATS.json.write({ fields: live.fields, batches })].join('')) as Row[];
  }
}
