import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../gateway/log/log.ts';
import { prepareRecord, readRecord } from '../../gateway/log/log-record.ts';
import { offeredRecord, readOffered, settleEntry } from '../../gateway/log/nats/shared-entry.ts';
import { TableSchemas } from '../../gateway/tables/table-schemas.ts';
import { TableStore } from '../../gateway/tables/table-store.ts';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { parseHeader } from '../../protocol/header.ts';

/** A gateway's tables, on a log that others append to as well. */
class Gateway {
  readonly store = new TableStore({
    history: { maxAgeMs: 60_000, maxBytes: 1e9 },
    maxTables: 100,
    maxStagedBytes: 1e12,
    maxMemoryBytes: 1e12,
  });

  offer(seq: number, header: object, numbers: readonly number[] = [seq]): LogEntry {
    const data = readIpc(fromValues(numbers.map((n) => ({ n }))));
    const full = parseHeader({ run: 'r', seq, ...header });
    const message = { byteLength: 1, receivedAtMs: 0, held: false };
    const publications = [this.store.offer('t', full, data, message)];
    return { publications, commit: { scope: { type: 'stage', tables: ['t'] }, timeMs: 1 } };
  }

  fold(entry: LogEntry): void {
    for (const publication of entry.publications) this.store.withdraw(publication);
    const settled = settleEntry(
      entry,
      (table) => this.store.appliedHead(table),
      (publication) => this.store.sequences.isNews(publication),
    );
    expect(settled.refused).toEqual([]);
    this.store.apply(settled.entry);
  }

  get numbers(): unknown[] {
    const { live } = this.store.table('t');
    return Array.from({ length: live.rowCount }, (_, row) => live.value(row, 0));
  }
}

function asRead(entry: LogEntry): LogEntry {
  const record = prepareRecord(offeredRecord(entry));
  const bytes = new Uint8Array(record.byteLength);
  record.writeTo(bytes);
  return readOffered(readRecord(bytes), new TableSchemas());
}

/** Two gateways, and the order in which their entries come to stand in the log. */
function shared() {
  const [a, b] = [new Gateway(), new Gateway()];
  const log = (from: Gateway, entry: LogEntry) => {
    for (const gateway of [a, b]) gateway.fold(gateway === from ? entry : asRead(entry));
  };
  const open = () => [a, b].map(({ store }) => store.sequences.open.size);
  return { a, b, log, open };
}

const APPEND = { op: 'append' };

describe('two gateways of one log that hear the same producer', () => {
  test('take each publication once, whichever of them offers it first', () => {
    const { a, b, log, open } = shared();
    const offers = [1, 2, 3].flatMap((seq) =>
      [a, b].map((gateway) => [gateway, gateway.offer(seq, APPEND)] as const),
    );
    for (const [gateway, entry] of offers) log(gateway, entry);
    expect(a.numbers).toEqual([1, 2, 3]);
    expect(b.numbers).toEqual([1, 2, 3]);
    expect(a.store.version).toBe(3);
    expect(open()).toEqual([0, 0]);
  });

  test('make good what one of them lost', () => {
    const { a, b, log, open } = shared();
    const fromA = [1, 2, 4].map((seq) => a.offer(seq, APPEND));
    const fromB = [1, 2, 3, 4].map((seq) => b.offer(seq, APPEND));
    expect(open()).toEqual([1, 0]);
    for (const entry of fromA) log(a, entry);
    for (const entry of fromB) log(b, entry);
    expect(open()).toEqual([0, 0]);
    expect(a.numbers).toEqual([1, 2, 4, 3]);
    expect(b.numbers).toEqual(a.numbers);
  });

  test('are both mended by a snapshot that one of them asked for', () => {
    const { a, b, log, open } = shared();
    for (const gateway of [a, b])
      for (const seq of [1, 4]) log(gateway, gateway.offer(seq, { op: 'replace', snapshot: false }));
    for (const gateway of [a, b]) log(gateway, gateway.offer(7, APPEND));
    expect(open()).toEqual([1, 1]);
    log(b, b.offer(7, { op: 'replace', snapshot: true }, [5, 6, 7]));
    expect(open()).toEqual([0, 0]);
    expect(a.numbers).toEqual([5, 6, 7]);
    expect(b.numbers).toEqual([5, 6, 7]);
  });

  test('miss again what one of them could not store', () => {
    const { a, b, log, open } = shared();
    log(a, a.offer(1, APPEND));
    const [lost] = a.offer(2, APPEND).publications;
    a.store.sequences.takeBack(lost!);
    log(a, a.offer(3, APPEND));
    expect(open()).toEqual([1, 1]);
    log(b, b.offer(2, APPEND));
    expect(open()).toEqual([0, 0]);
  });
});
