import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../gateway/log/log.ts';
import { prepareRecord, readRecord } from '../../gateway/log/log-record.ts';
import { offeredRecord, readOffered, settleEntry } from '../../gateway/log/nats/shared-entry.ts';
import { SequenceTracker } from '../../gateway/sequence/sequence-tracker.ts';
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

  offer(seq: number, header: object, numbers: readonly unknown[] = [seq]): LogEntry {
    const data = readIpc(fromValues(numbers.map((n) => ({ n }))));
    const full = parseHeader({ run: 'r', seq, ...header });
    const message = { byteLength: 1, receivedAtMs: 0, held: false };
    const publications = [this.store.offer('t', full, data, message)];
    return { publications, commit: { scope: { type: 'stage', tables: ['t'] }, timeMs: 1 } };
  }

  readonly refused: string[] = [];

  fold(entry: LogEntry): void {
    for (const publication of entry.publications) this.store.withdraw(publication);
    const settled = settleEntry(
      entry,
      (table) => this.store.appliedHead(table),
      (publication) => this.store.sequences.isNews(publication),
    );
    this.store.apply(settled.entry);
    const { sequences } = this.store;
    for (const { publication, error } of settled.refused) {
      this.refused.push(error.code);
      sequences.applyRefused(publication);
    }
    for (const publication of settled.old) sequences.applyOld(publication);
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
  const openInLog = () => [a, b].map(({ store }) => store.sequences.isOpenInLog('t'));
  const refused = () => [...a.refused, ...b.refused];
  return { a, b, log, open, openInLog, refused };
}

const APPEND = { op: 'append' };
const UPSERT = { op: 'upsert', key: ['n'] };
const SNAPSHOT = { op: 'replace', snapshot: true };

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

  test('know what could not be stored, as its sender was told, and is in the log all the same', () => {
    const { a, log, open } = shared();
    const entry = a.offer(1, { op: 'replace' });
    a.store.sequences.takeBack(entry.publications[0]!);
    log(a, entry);
    expect(open()).toEqual([0, 0]);
    expect(a.store.sequences.position('t', 'r')).toEqual({ taken: 1, missing: [] });
  });

  test('ask on where the snapshot that was to mend a gap comes to stand behind what is newer', () => {
    const { a, b, log, open, openInLog } = shared();
    for (const seq of [1, 2]) log(a, a.offer(seq, UPSERT));
    log(a, a.offer(4, UPSERT));
    expect(open()).toEqual([1, 1]);
    const snapshot = b.offer(4, { ...SNAPSHOT, key: ['n'] }, [1, 2, 3, 4]);
    expect(open()).toEqual([1, 0]);
    log(a, a.offer(5, UPSERT));
    log(b, snapshot);
    expect(open()).toEqual([1, 1]);
    expect(openInLog()).toEqual([true, true]);
    log(b, b.offer(5, { ...SNAPSHOT, key: ['n'] }, [1, 2, 3, 4, 5]));
    expect(open()).toEqual([0, 0]);
    expect(openInLog()).toEqual([false, false]);
    expect(a.numbers).toEqual([1, 2, 3, 4, 5]);
  });

  test('keep open what a dropped snapshot and what was jumped over after it leave, and close it with the next one', () => {
    const { a, b, log, open } = shared();
    for (const seq of [1, 3]) log(a, a.offer(seq, UPSERT));
    const snapshots = [b.offer(3, SNAPSHOT, [1, 2, 3])];
    log(a, a.offer(4, UPSERT));
    snapshots.push(b.offer(4, SNAPSHOT, [1, 2, 3, 4]));
    const later = b.offer(7, UPSERT);
    log(b, snapshots[0]!);
    expect(b.store.sequences.position('t', 'r')?.missing).toEqual([
      [2, 2],
      [5, 6],
    ]);
    log(b, snapshots[1]!);
    expect(b.store.sequences.position('t', 'r')?.missing).toEqual([[5, 6]]);
    log(b, later);
    expect(open()).toEqual([1, 1]);
  });

  test('pass a snapshot on while the log misses something, though nothing was lost where it came', () => {
    const { a, b, log, openInLog } = shared();
    for (const seq of [1, 3]) log(a, a.offer(seq, UPSERT));
    b.offer(3, SNAPSHOT, [1, 2, 3]);
    const tracker = new SequenceTracker({ store: b.store, now: () => 0, monotonicMs: () => 0 });
    const header = parseHeader({ run: 'r', seq: 3, ...SNAPSHOT });
    expect(b.store.sequences.open.size).toBe(0);
    expect(tracker.isNew('t', header)).toBe(true);
    log(b, b.offer(3, SNAPSHOT, [1, 2, 3]));
    expect(openInLog()).toEqual([false, false]);
    expect(tracker.isNew('t', header)).toBe(false);
  });

  test('miss still what was jumped over by what comes to stand behind a whole table or a drop', () => {
    type Place = ReturnType<typeof shared>;
    const dropped = { publications: [], commit: { scope: { type: 'drop' as const, table: 't' }, timeMs: 1 } };
    const wholes: Readonly<Record<string, (place: Place) => () => void>> = {
      'without a number, from the other gateway': ({ a, log }) => {
        const entry = a.offer(1, { op: 'replace', run: undefined, seq: undefined });
        return () => log(a, entry);
      },
      'without a number, from this gateway': ({ b, log }) => {
        const entry = b.offer(1, { op: 'replace', run: undefined, seq: undefined });
        return () => log(b, entry);
      },
      'of another run': ({ a, log }) => {
        const entry = a.offer(1, { op: 'replace', run: 'other' });
        return () => log(a, entry);
      },
      'a drop':
        ({ a, log }) =>
        () =>
          log(a, dropped),
    };
    for (const [what, offer] of Object.entries(wholes)) {
      const place = shared();
      const { b, log, open, openInLog } = place;
      log(b, b.offer(1, APPEND));
      const stands = offer(place);
      const later = b.offer(4, APPEND);
      expect(place.b.store.sequences.open.size).toBe(1);
      stands();
      log(b, later);
      expect([what, openInLog()]).toEqual([what, [true, true]]);
      expect([what, open()]).toEqual([what, [1, 1]]);
      expect(b.store.sequences.position('t', 'r')).toEqual({ taken: 4, missing: [[2, 3]] });
    }
  });

  test('ask on for a row of a table with a key that one of them brings too late', () => {
    const { a, b, log, open } = shared();
    const late = [1, 2, 3].map((seq) => b.offer(seq, UPSERT));
    for (const seq of [1, 3]) log(a, a.offer(seq, UPSERT));
    for (const entry of late) log(b, entry);
    expect(open()).toEqual([1, 1]);
    expect(a.numbers).toEqual([1, 3]);
  });

  test('do not miss what the log refuses, whichever of them offered it', () => {
    for (const isLate of [false, true]) {
      const { a, b, log, open, openInLog, refused } = shared();
      log(a, a.offer(1, APPEND));
      const bad = a.offer(2, APPEND, ['a text']);
      const next = b.offer(3, APPEND);
      for (const [from, entry] of isLate
        ? ([
            [b, next],
            [a, bad],
          ] as const)
        : ([
            [a, bad],
            [b, next],
          ] as const))
        log(from, entry);
      expect(refused()).toEqual(['type_mismatch', 'type_mismatch']);
      expect(open()).toEqual([0, 0]);
      expect(openInLog()).toEqual([false, false]);
    }
  });

  test('miss still what a snapshot that the log refuses was to mend', () => {
    const { a, b, log, open } = shared();
    for (const seq of [1, 3]) log(a, a.offer(seq, UPSERT));
    log(b, b.offer(3, { ...SNAPSHOT, key: ['none'] }, [1, 2, 3]));
    expect(open()).toEqual([1, 1]);
  });

  test('do not refuse what came before, where its table has changed since', () => {
    const { a, b, log, refused } = shared();
    const twice = b.offer(1, APPEND);
    log(a, a.offer(1, APPEND));
    log(a, a.offer(2, { op: 'replace' }, ['a text']));
    log(b, twice);
    expect(refused()).toEqual([]);
    expect(a.numbers).toEqual(['a text']);
  });
});
