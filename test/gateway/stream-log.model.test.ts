import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CommitScope } from '../../gateway/log/log.ts';
import { type LogRecord, prepareRecord, readRecord } from '../../gateway/log/log-record.ts';
import { GroupAssembler, type SenderState } from '../../gateway/log/nats/group-assembler.ts';
import type { GroupHead, LogStream, StreamMessage } from '../../gateway/log/nats/log-stream.ts';
import { StreamLog } from '../../gateway/log/nats/stream-log.ts';
import { cutStore } from '../../gateway/tables/table-state.ts';
import { TableStateReader } from '../../gateway/tables/table-state-reader.ts';
import type { TableStore } from '../../gateway/tables/table-store.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { Header } from '../../protocol/header.ts';
import { waitFor } from '../support/wait-for.ts';
import { LoggedTables } from './log-behaviour.ts';

const PART_BYTES = 300;

const FATES = ['well', 'late', 'twice', 'half', 'unknown', 'unheard', 'refused'] as const;

/**
 * A stream in this process. What is appended comes in parts, twice now and then or behind what was appended after it, and may be
 * stored though its sender is told that nobody knows; messages reach each gateway when it is its turn.
 */
class FakeStream implements LogStream {
  readonly messages: StreamMessage[] = [];
  /** What becomes of each append in turn, then all go well. */
  fates: readonly (typeof FATES)[number][] = [];
  #appends = 0;

  async append(head: GroupHead, bytes: Uint8Array): Promise<void> {
    const fate = this.fates[this.#appends++] ?? 'well';
    if (fate === 'unheard') throw new Error('nobody heard it');
    if (fate === 'late' || fate === 'refused') await delay(3);
    if (fate === 'refused' && !this.#has(head)) throw new TablecastError('log_write_failed', 'It is full.');
    const parts = Math.ceil(bytes.length / PART_BYTES);
    const stored = fate === 'half' ? parts - 1 : parts;
    for (let round = 0; round < (fate === 'twice' ? 2 : 1); round++)
      for (let part = 0; part < stored; part++) {
        this.#store({ ...head, part, parts, bytes: bytes.slice(part * PART_BYTES, (part + 1) * PART_BYTES) });
        await new Promise(setImmediate);
      }
    if (fate === 'half' || fate === 'unknown') throw new Error('nobody knows');
  }

  #has({ sender, group }: GroupHead): boolean {
    return this.messages.some(({ part }) => part?.sender === sender && part.group === group);
  }

  #store(part: GroupHead & { part: number; parts: number; bytes: Uint8Array }): void {
    const sequence = this.messages.length + 1;
    this.messages.push({ sequence, pending: 0, part: { ...part, sequence, timeMs: sequence } });
  }

  away() {
    return null;
  }
}

/** What a snapshot of a shared log holds. */
interface Snapshot {
  readonly foldedSequence: number;
  readonly readFrom: number;
  readonly senders: readonly SenderState[];
  readonly records: readonly LogRecord[];
}

interface Gateway {
  readonly tables: LoggedTables;
  snapshot(): Snapshot;
  /** Folds what stands in the stream. */
  follow(): void;
}

async function gatewayOn(stream: FakeStream, sender: string, from: Snapshot | null = null): Promise<Gateway> {
  const tables = new LoggedTables();
  const assembler = new GroupAssembler(from?.senders);
  let log: StreamLog | null = null;
  await tables.open(async ({ store, fold }) => {
    if (from !== null) restore(store, from);
    log = new StreamLog({
      epoch: 'epoch',
      stream,
      sender,
      assembler,
      foldedSequence: from?.foldedSequence ?? 0,
      readFrom: from?.readFrom ?? 1,
      fold,
      headOf: (table) => store.appliedHead(table),
      withdraw: (publication) => store.withdraw(publication),
      onFault: (error) => {
        throw error;
      },
      lastSequence: async () => stream.messages.length,
      peers: { viewers: 0, drawn: async () => [], serve() {} },
      texts: { all: () => new Map(), set: async () => true, onChange() {} },
      leads: () => false,
      notReady: () => null,
      closeStream: async () => {},
      retryMs: 1,
    });
    return log;
  });
  return {
    tables,
    follow() {
      for (const message of stream.messages.slice(log!.nextSequence - 1)) log!.take(message);
    },
    snapshot: () => ({
      foldedSequence: log!.foldedSequence,
      readFrom: assembler.readFrom(log!.foldedSequence + 1),
      senders: assembler.senders(),
      records: [...cutStore(tables.store, 1000)].map((record) => stored(record)),
    }),
  };
}

function restore(store: TableStore, { records }: Snapshot): void {
  const state = new TableStateReader(store);
  for (const record of records) state.add(record);
  state.end();
}

/** As it is read again from where it was stored. */
function stored(record: LogRecord): LogRecord {
  const prepared = prepareRecord(record);
  const bytes = new Uint8Array(prepared.byteLength);
  prepared.writeTo(bytes);
  return readRecord(bytes);
}

const action = fc.record({
  gateway: fc.nat(2),
  table: fc.constantFrom('a', 'b'),
  kind: fc.constantFrom('append', 'upsert', 'text', 'hold', 'drop', 'all', 'follow', 'snapshot'),
  key: fc.nat(5),
  large: fc.boolean(),
});
const fates = fc.array(fc.constantFrom(...FATES), { maxLength: 20 });

test('gateways that fold one stream have the same tables, however messages come and whatever senders are told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 40 }), fates, async (actions, fate) => {
      const stream = new FakeStream();
      stream.fates = fate;
      const gateways = await Promise.all(['A', 'B', 'C'].map((sender) => gatewayOn(stream, sender)));
      const outcomes: Promise<unknown>[] = [];
      const snapshots: Snapshot[] = [];
      let published = 0;
      const refused = new Set<number>();
      const append = async (tables: LoggedTables, isHeld: boolean) => {
        const id = published++;
        if ('error' in (await tables.publish('rows', [{ id }], holdIf(isHeld)))) refused.add(id);
      };
      for (const { gateway, table, kind, key, large } of actions) {
        const { tables, follow, snapshot } = gateways[gateway]!;
        const row = { k: key, n: published, ...(large ? { text: 'x'.repeat(400) } : {}) };
        if (kind === 'follow') follow();
        else if (kind === 'snapshot') snapshots.push(snapshot());
        else if (kind === 'all') outcomes.push(tables.commit({ type: 'all' } satisfies CommitScope));
        else if (kind === 'drop') outcomes.push(tables.commit({ type: 'drop', table }));
        else if (kind === 'text') outcomes.push(tables.publish(table, [{ n: 'a text' }], { op: 'append' }));
        else if (kind === 'upsert') outcomes.push(tables.publish(table, [row], { op: 'upsert', key: ['k'] }));
        else outcomes.push(append(tables, kind === 'hold'));
        if (key % 2 === 0) await new Promise(setImmediate);
      }
      let isDone = false;
      const all = Promise.all(outcomes).then(() => {
        isDone = true;
      });
      await waitFor(
        () => {
          for (const { follow } of gateways) follow();
          if (snapshots.length < 8) snapshots.push(gateways[0]!.snapshot());
          return isDone;
        },
        { what: 'every outcome', intervalMs: 2 },
      );
      await all;
      for (const { follow } of gateways) follow();
      const late = await gatewayOn(stream, 'D');
      const restored = await Promise.all(snapshots.map((each, i) => gatewayOn(stream, `S${i}`, each)));
      for (const { follow } of [late, ...restored]) follow();
      const [first, ...others] = [...gateways, late, ...restored].map(({ tables }) => tables.state());
      for (const other of others) expect(other).toEqual(first);
      // Each publication once, whatever its sender was told; but what was refused, and whatever waited for it, not at all.
      const rows = late.tables.store.tables.get('rows');
      const ids = rows === undefined ? [] : [...rows.live.numbers(0, 0, rows.live.rowCount)];
      const staged = rows?.stage.length ?? 0;
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => refused.has(Number(id)))).toEqual([]);
      expect(ids.length + staged).toBe(published - refused.size);
    }),
    { numRuns: 40 },
  );
});

function holdIf(isHeld: boolean): Header {
  return isHeld ? { op: 'append', commit: 'hold' } : { op: 'append' };
}

test('a message that is missing ends the following, one that comes again does nothing', async () => {
  const stream = new FakeStream();
  const a = await gatewayOn(stream, 'A');
  const b = await gatewayOn(stream, 'B');
  const publishing = [1, 2, 3].map((n) => a.tables.publish('t', [{ n, text: 'x'.repeat(1000) }]));
  await waitFor(() => stream.messages.length > 3, { what: 'messages' });
  a.follow();
  await Promise.all(publishing);
  const log = b.tables.log as StreamLog;
  for (const message of stream.messages.slice(0, 2)) log.take(message);
  for (const message of stream.messages.slice(0, 2)) log.take(message);
  expect(log.foldedSequence).toBe(2);
  log.take(stream.messages[3]!);
  expect(await log.lost).toMatchObject({ code: 'log_lost' });
  for (const message of stream.messages.slice(2)) log.take(message);
  expect(b.tables.store.version).toBe(0);
});
