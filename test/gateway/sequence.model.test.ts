import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../../protocol/arrow/from-values.ts';
import { NumberedGateway, type NumberedMessage } from './numbered-gateway.ts';
import { NumberingProducer, TABLE_NAMES, type TableName } from './numbering-producer.ts';

type Fate = 'arrives' | 'is lost' | 'comes twice' | 'comes late';
type Move =
  | { readonly type: 'publish'; readonly table: TableName; readonly n: number; readonly fate: Fate }
  | { readonly type: 'heartbeat' }
  | { readonly type: 'answer'; readonly fate: Fate }
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'gateway restarts'; readonly writesSnapshot: boolean }
  | { readonly type: 'producer restarts' };

const fate = fc.constantFrom<Fate>('arrives', 'arrives', 'arrives', 'is lost', 'comes twice', 'comes late');
const publish = fc.record({
  type: fc.constant('publish' as const),
  table: fc.constantFrom(...TABLE_NAMES),
  n: fc.nat(1000),
  fate,
});
const move: fc.Arbitrary<Move> = fc.oneof(
  { arbitrary: publish, weight: 12 },
  { arbitrary: fc.constant({ type: 'heartbeat' } as const), weight: 3 },
  { arbitrary: fc.record({ type: fc.constant('answer' as const), fate }), weight: 2 },
  { arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.nat(5000) }), weight: 2 },
  {
    arbitrary: fc.record({
      type: fc.constant('gateway restarts' as const),
      writesSnapshot: fc.boolean(),
    }),
    weight: 1,
  },
  { arbitrary: fc.constant({ type: 'producer restarts' } as const), weight: 1 },
);

/** A producer and a gateway, and between them a way on which anything may become of a message. */
class LossyWay {
  readonly gateway = new NumberedGateway();
  readonly producer = new NumberingProducer();
  #late: NumberedMessage[] = [];

  do(move: Move): void {
    switch (move.type) {
      case 'publish':
        return this.#send(this.producer.publish(move.table, move.n), move.fate);
      case 'heartbeat':
        return this.heartbeat();
      case 'answer':
        return this.answer(move.fate);
      case 'pass':
        return this.gateway.pass(move.ms);
      case 'gateway restarts':
        if (move.writesSnapshot) this.gateway.writeSnapshot();
        return this.gateway.restart();
      case 'producer restarts':
        return this.#restartProducer();
    }
  }

  heartbeat(): void {
    const { run, seqs } = this.producer;
    if (Object.keys(seqs).length > 0) this.gateway.heartbeat(run, seqs);
  }

  answer(fate: Fate): void {
    const asked = this.gateway.asked.splice(0);
    for (const table of asked.includes('*') ? TABLE_NAMES : (asked as TableName[])) {
      const snapshot = this.producer.snapshot(table);
      if (snapshot !== null) this.#send(snapshot, fate);
    }
  }

  deliverLate(): void {
    for (const message of this.#late.splice(0)) this.gateway.take(message);
  }

  /** A line keeps its order, so what an old run sent does not come after what a new one does. */
  #restartProducer(): void {
    this.deliverLate();
    this.producer.restart();
    // Where nothing ever came of a table, nothing tells that a run goes on with what another one began.
    for (const table of TABLE_NAMES)
      if (!this.gateway.store.tables.has(table)) {
        this.producer.publish(table, 0);
        this.#send(this.producer.snapshot(table)!, 'arrives');
      }
  }

  #send(message: NumberedMessage, fate: Fate): void {
    if (fate === 'comes late') {
      this.#late.push(message);
      return;
    }
    if (fate !== 'is lost') this.gateway.take(message);
    if (fate === 'comes twice') this.gateway.take(message);
    if (this.#late.length > 2) this.deliverLate();
  }
}

const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort();

function run(moves: readonly Move[]): void {
  const way = new LossyWay();
  const { gateway, producer } = way;
  for (const move of moves) way.do(move);
  way.deliverLate();
  for (const table of TABLE_NAMES) way.do({ type: 'publish', table, n: 1, fate: 'arrives' });
  for (let seconds = 0; seconds < 40; seconds++) {
    way.heartbeat();
    gateway.pass(1000);
    way.answer('arrives');
  }
  expect(gateway.rejections.list).toEqual([]);
  expect([...gateway.store.sequences.open]).toEqual([]);
  for (const table of TABLE_NAMES)
    expect([table, sorted(gateway.rows(table))]).toEqual([table, sorted(producer.rows(table))]);
  gateway.pass(60_000);
  expect(gateway.asked).toEqual([]);
}

test('whatever is lost, doubled or late on the way, and whoever restarts, a table ends with its rows once asked for them', () => {
  fc.assert(fc.property(fc.array(move, { maxLength: 60 }), run), { numRuns: 300 });
});
