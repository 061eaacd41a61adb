import { beforeEach, describe, expect, test } from 'vitest';
import type { Header } from '../../protocol/header.ts';
import { NumberedGateway } from './numbered-gateway.ts';

let gateway: NumberedGateway;
beforeEach(() => {
  gateway = new NumberedGateway();
});

function publish(seq: number, header: Header = {}, table = 't', n = seq): void {
  gateway.take({ table, header: { op: 'append', run: 'r', seq, ...header }, rows: [{ n }] });
}

const numbers = (table = 't') => gateway.rows(table).map(({ n }) => n);
const asked = () => gateway.asked.splice(0);

describe('requests', () => {
  test('come at once, then ever more seldom, and end with the gap', () => {
    publish(1);
    publish(3);
    const times: number[] = [];
    for (let ms = 0; ms < 100_000; ms += 200) {
      if (asked().length > 0) times.push(ms);
      gateway.pass(200);
    }
    const waits = times.slice(1).map((ms, i) => ms - times[i]!);
    expect(times[0]).toBe(0);
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    publish(3, { op: 'replace', snapshot: true });
    gateway.pass(100_000);
    expect(asked()).toEqual([]);
  });

  test('for one table after the other come no more often than once a second', () => {
    let requests = 0;
    for (let seq = 1; seq < 100; seq += 2) {
      publish(seq);
      publish(seq, { op: 'replace', snapshot: true });
      gateway.pass(200);
      requests += asked().length;
    }
    expect(requests).toBeLessThanOrEqual(11);
    expect(requests).toBeGreaterThanOrEqual(9);
  });

  test('are as prompt for a gap that opens as soon as the last one is mended', () => {
    for (let seq = 1; seq < 20; seq += 2) {
      publish(seq);
      publish(seq + 2);
      let waitedMs = 0;
      while (asked().length === 0) {
        gateway.pass(200);
        waitedMs += 200;
      }
      expect(waitedMs).toBeLessThanOrEqual(1200);
      publish(seq + 2, { op: 'replace', snapshot: true });
    }
  });

  test('are for all tables at once where many are concerned', () => {
    const names = Array.from({ length: 40 }, (_, i) => `t${i}`);
    gateway.heartbeat('r', Object.fromEntries(names.map((name) => [name, 1])));
    gateway.pass(200);
    expect(asked()).toEqual(['*']);
  });

  test('are in vain for a table that its producer holds no state of', () => {
    publish(1);
    publish(3);
    asked();
    gateway.heartbeat('r', { t: 3 }, ['t']);
    gateway.pass(60_000);
    expect(asked()).toEqual([]);
    expect(gateway.sequence.of('t').missing).toEqual({ lost: 1, before: 0 });
  });

  test('go on at once when a producer is back after others were in vain', () => {
    publish(1);
    publish(3);
    gateway.heartbeat('r', { t: 3 });
    gateway.pass(60_000);
    asked();
    gateway.heartbeat('r', { t: 3 });
    gateway.pass(1000);
    expect(asked()).toEqual(['t']);
  });

  test('go to a new run of a table that is there, a few times, and not where it begins with the whole', () => {
    publish(1);
    publish(1, { run: 's' });
    gateway.pass(60_000);
    expect(asked()).toEqual(['t', 't', 't', 't']);
    publish(1, { run: 'u', op: 'replace' });
    gateway.pass(60_000);
    expect(asked()).toEqual([]);
  });
});

describe('gaps', () => {
  test('are counted by how they were found', () => {
    publish(3);
    publish(5);
    gateway.heartbeat('r', { t: 7, never: 2 });
    gateway.heartbeat('r', { t: 9, never: 2 });
    expect(gateway.sequence.counts.gaps).toEqual({ start: 2, jump: 1, tail: 1 });
  });

  test('of a table that is replaced each time are counted, and mend themselves', () => {
    publish(1, { op: 'replace' });
    publish(5, { op: 'replace' });
    expect(gateway.sequence.counts.gaps).toEqual({ start: 0, jump: 1, tail: 0 });
    expect(gateway.store.sequences.open.size).toBe(0);
  });

  test('of a run that has died are closed by the whole table of the next one', () => {
    publish(1);
    publish(5);
    publish(1, { run: 's' });
    publish(1, { run: 's', op: 'replace', snapshot: true });
    expect(gateway.store.sequences.open.size).toBe(0);
    expect(gateway.sequence.counts.resyncs).toBe(1);
  });

  test('end when the table is dropped, and what was lost does not bring it back', () => {
    publish(1);
    gateway.heartbeat('r', { t: 4 });
    asked();
    gateway.commit({ type: 'drop', table: 't' });
    gateway.heartbeat('r', { t: 4 });
    gateway.pass(60_000);
    expect(asked()).toEqual([]);
    publish(5);
    expect(numbers()).toEqual([5]);
    expect(gateway.store.sequences.open.size).toBe(0);
  });

  test('are not opened by an old snapshot, nor is the table set back', () => {
    for (const seq of [1, 2, 3]) publish(seq);
    publish(2, { op: 'replace', snapshot: true }, 't', 0);
    expect(numbers()).toEqual([1, 2, 3]);
  });

  test('are not opened by what was refused', () => {
    publish(1);
    gateway.take({ table: 't', header: { op: 'append', run: 'r', seq: 2 }, rows: [{ n: 'text' }] });
    publish(3);
    expect(gateway.rejections.count).toBe(1);
    expect(gateway.sequence.of('t').missing).toEqual({ lost: 0, before: 0 });
  });

  test('stay open where the snapshot is refused', () => {
    gateway.take({ table: 't', header: { op: 'upsert', key: ['k'], run: 'r', seq: 2 }, rows: [{ k: 1 }] });
    gateway.take({
      table: 't',
      header: { op: 'replace', snapshot: true, key: ['none'], run: 'r', seq: 2 },
      rows: [{ k: 1 }],
    });
    expect(gateway.rejections.count).toBe(1);
    expect(gateway.sequence.of('t').missing).toEqual({ lost: 0, before: 1 });
  });

  test('are there again when what was taken could not be stored', () => {
    publish(1);
    gateway.store.sequences.admit('t', 'append', { run: 'r', seq: 2 });
    gateway.store.sequences.forgetExpected();
    publish(3);
    expect(gateway.sequence.of('t').missing).toEqual({ lost: 1, before: 0 });
  });
});

describe('producers', () => {
  test('number one table beside each other', () => {
    for (const run of ['a', 'b']) for (const seq of [1, 2]) publish(seq, { run });
    expect(numbers()).toEqual([1, 2, 1, 2]);
    expect(gateway.sequence.of('t')).toMatchObject({ last: { run: 'b', seq: 2 }, missing: { lost: 0 } });
  });

  test('without numbers are not checked', () => {
    gateway.take({ table: 't', header: { run: 'r' }, rows: [{ n: 1 }] });
    gateway.take({ table: 't', header: { seq: 1 }, rows: [{ n: 1 }] });
    expect(gateway.sequence.of('t')).toMatchObject({ last: null, producer: null });
  });

  test('are silent after 2.5 s, and said to be while nobody else writes their tables', () => {
    publish(1);
    gateway.heartbeat('r', { t: 1 });
    gateway.pass(2400);
    expect(gateway.sequence.of('t').producer).toMatchObject({ isLive: true });
    gateway.pass(200);
    expect(gateway.sequence.of('t').producer).toMatchObject({ isLive: false, heardAtMs: 0 });
    expect(gateway.sequence.producers).toEqual({ live: 0, silent: 1 });
    publish(1, { run: 's' });
    gateway.heartbeat('s', { t: 1 });
    gateway.pass(200);
    expect(gateway.sequence.of('t').producer).toMatchObject({ isLive: true });
    expect(gateway.sequence.producers).toEqual({ live: 1, silent: 0 });
  });

  test('are not silent while publications come', () => {
    gateway.heartbeat('r', { t: 0 });
    for (let seq = 1; seq < 20; seq++) {
      publish(seq);
      gateway.pass(1000);
    }
    expect(gateway.sequence.of('t').producer).toMatchObject({ isLive: true });
  });

  test('are not silent because the gateway itself stood still', () => {
    publish(1);
    gateway.heartbeat('r', { t: 1 });
    gateway.nowMs += 60_000;
    gateway.pass(200);
    expect(gateway.sequence.of('t').producer).toMatchObject({ isLive: true });
  });

  test('make nothing forgotten by heartbeats alone', () => {
    publish(1);
    for (let i = 0; i < 1100; i++) gateway.heartbeat(`r${i}`, { t: 1 });
    const names = (batch: number) => Array.from({ length: 6000 }, (_, i) => [`${batch}-${i}`, 1]);
    for (const batch of [1, 2]) gateway.heartbeat('many', Object.fromEntries(names(batch)));
    expect(gateway.store.sequences.position('t', 'r')).toEqual({ taken: 1, missing: [] });
    publish(2);
    expect(gateway.store.sequences.position('t', 'r')).toEqual({ taken: 2, missing: [] });
    expect(gateway.store.sequences.open.size).toBeLessThanOrEqual(10_000);
  });

  test('are forgotten beyond so many, those that were heard first', () => {
    for (let i = 0; i < 1100; i++) gateway.heartbeat(`r${i}`, { t: 1 });
    expect(gateway.sequence.producers).toEqual({ live: 1000, silent: 0 });
    gateway.pass(1000);
    expect(gateway.store.sequences.runsOf('t')?.size).toBe(1000);
  });
});
