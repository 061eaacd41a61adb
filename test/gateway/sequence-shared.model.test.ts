import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../../protocol/arrow/from-values.ts';
import type { NumberedMessage } from './numbered-gateway.ts';
import { NumberedSharer, type SharedOrder } from './numbered-sharer.ts';
import { NumberingProducer, TABLE_NAMES, type TableName } from './numbering-producer.ts';

type Fate = 'arrives' | 'is lost' | 'comes twice';
type Move =
  | { readonly type: 'publish'; readonly table: TableName; readonly n: number; readonly fates: Fate[] }
  | { readonly type: 'answer'; readonly fates: Fate[] }
  | { readonly type: 'heartbeat'; readonly gateway: number }
  | { readonly type: 'pass'; readonly gateway: number; readonly ms: number }
  | { readonly type: 'send'; readonly gateway: number; readonly count: number }
  | { readonly type: 'follow'; readonly gateway: number };

const GATEWAYS = 2;
const gateway = fc.nat(GATEWAYS - 1);
const fates = fc.array(
  fc.constantFrom<Fate>('arrives', 'arrives', 'arrives', 'arrives', 'is lost', 'comes twice'),
  {
    minLength: GATEWAYS,
    maxLength: GATEWAYS,
  },
);
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    arbitrary: fc.record({
      type: fc.constant('publish' as const),
      table: fc.constantFrom<TableName>('keyed', 'keyed', 'keyed', ...TABLE_NAMES),
      n: fc.nat(1000),
      fates,
    }),
    weight: 10,
  },
  { arbitrary: fc.record({ type: fc.constant('answer' as const), fates }), weight: 3 },
  { arbitrary: fc.record({ type: fc.constant('heartbeat' as const), gateway }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('pass' as const), gateway, ms: fc.nat(5000) }), weight: 2 },
  {
    arbitrary: fc.record({
      type: fc.constant('send' as const),
      gateway,
      count: fc.integer({ min: 1, max: 3 }),
    }),
    weight: 6,
  },
  { arbitrary: fc.record({ type: fc.constant('follow' as const), gateway }), weight: 4 },
);

/** A producer, and gateways of one log that hear it, each on a lossy line of its own. */
class Shared {
  readonly producer = new NumberingProducer();
  readonly gateways: readonly NumberedSharer[];

  constructor() {
    const order: SharedOrder = [];
    this.gateways = Array.from({ length: GATEWAYS }, () => new NumberedSharer(order));
  }

  do(move: Move): void {
    switch (move.type) {
      case 'publish':
        return this.#tell(this.producer.publish(move.table, move.n), move.fates);
      case 'answer':
        return this.answer(move.fates);
      case 'heartbeat':
        return this.heartbeat(move.gateway);
      case 'pass':
        return this.gateways[move.gateway]!.pass(move.ms);
      case 'send':
        return this.gateways[move.gateway]!.send(move.count);
      case 'follow':
        return this.gateways[move.gateway]!.follow();
    }
  }

  heartbeat(gateway: number): void {
    const { run, seqs } = this.producer;
    if (Object.keys(seqs).length > 0) this.gateways[gateway]!.heartbeat(run, seqs);
  }

  answer(fates: readonly Fate[]): void {
    const asked = new Set(this.gateways.flatMap((each) => each.asked.splice(0)));
    for (const table of asked.has('*') ? TABLE_NAMES : (asked as Set<TableName>)) {
      const snapshot = this.producer.snapshot(table);
      if (snapshot !== null) this.#tell(snapshot, fates);
    }
  }

  /** Everything stands in the log, and is folded everywhere. */
  settle(): void {
    for (const each of this.gateways) each.send();
    for (const each of this.gateways) each.follow();
  }

  #tell(message: NumberedMessage, fates: readonly Fate[]): void {
    this.gateways.forEach((each, i) => {
      if (fates[i] !== 'is lost') each.take(message);
      if (fates[i] === 'comes twice') each.take(message);
    });
  }
}

const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort();
const ARRIVES: Fate[] = Array.from({ length: GATEWAYS }, () => 'arrives');

function run(moves: readonly Move[]): void {
  const shared = new Shared();
  const { gateways, producer } = shared;
  for (const each of moves) shared.do(each);
  for (const table of TABLE_NAMES) shared.do({ type: 'publish', table, n: 1, fates: ARRIVES });
  for (let seconds = 0; seconds < 40; seconds++) {
    gateways.forEach((each, i) => {
      shared.heartbeat(i);
      each.pass(1000);
    });
    shared.answer(ARRIVES);
    shared.settle();
  }
  for (const each of gateways) {
    const { sequences } = each.store;
    expect(each.rejections.list).toEqual([]);
    expect([...sequences.open]).toEqual([]);
    for (const table of TABLE_NAMES) {
      expect(sequences.isOpenInLog(table)).toBe(false);
      expect([table, sorted(each.rows(table))]).toEqual([table, sorted(producer.rows(table))]);
    }
  }
  for (const each of gateways) each.pass(60_000);
  expect(gateways.flatMap(({ asked }) => asked)).toEqual([]);
}

test('whatever each gateway of a log loses, and however late its entries stand there, tables end with their rows', () => {
  fc.assert(fc.property(fc.array(move, { maxLength: 40 }), run), { numRuns: 500 });
});
