import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { isServerMessage, parseServerMessage } from '../../protocol/server-message.ts';
import { ServerMessageSchema } from '../../protocol/server-message-schema.ts';
import { codeOf } from '../support/code-of.ts';

const commit = (...changes: unknown[]) => ({ type: 'commit', epoch: 'e', version: 42, changes });
const upsert = { table: 'prices', op: 'upsert', key: ['symbol'], rows: 2, snapshot: false };
const append = { table: 'cpu', op: 'append', rows: 8, snapshot: false };
const drop = { table: 'cpu', op: 'drop', rows: 0, snapshot: false };

function without(change: object, name: string): object {
  return Object.fromEntries(Object.entries(change).filter(([field]) => field !== name));
}

describe('taken', () => {
  test.each<[string, object]>([
    ['hello', { type: 'hello', epoch: 'e', version: 41 }],
    ['hello before the first commit', { type: 'hello', epoch: 'e', version: 0 }],
    ['a heartbeat', { type: 'heartbeat', version: 42 }],
    ['an error', { type: 'error', code: 'bad_message', detail: 'why' }],
    ['an error of a later version', { type: 'error', code: 'some_new_code', detail: '' }],
    ['a bare notification', commit()],
    ['an upsert', commit(upsert)],
    ['a delete', commit({ ...upsert, op: 'delete' })],
    ['an append', commit(append)],
    ['an append after which rows go', commit({ ...append, drop_first: 3 })],
    ['a snapshot without a key', commit({ ...append, op: 'replace', snapshot: true })],
    ['a snapshot with a key', commit({ ...append, op: 'replace', snapshot: true, key: ['a', 'b'] })],
    ['a drop', commit(drop)],
    ['one table twice', commit({ ...upsert, op: 'delete' }, upsert)],
    ['fields of later versions', { ...commit({ ...upsert, later: 1 }), later: 1 }],
  ])('%s', (_, message) => {
    expect(parseServerMessage(JSON.stringify(message))).toEqual(message);
  });
});

describe('rejected', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['an array', []],
    ['a type that there is not', { type: 'ping' }],
    ['a type of the other direction', { type: 'rendered', version: 1 }],
    ['hello without epoch', { type: 'hello', version: 1 }],
    ['a negative version', { type: 'heartbeat', version: -1 }],
    ['half a version', { type: 'heartbeat', version: 0.5 }],
    ['an error without detail', { type: 'error', code: 'internal' }],
    ['a commit without changes', { type: 'commit', epoch: 'e', version: 1 }],
    ['a commit whose changes are no list', { ...commit(), changes: {} }],
    ['an op that there is not', commit({ ...append, op: 'merge' })],
    ['an upsert without a key', commit(without(upsert, 'key'))],
    ['an upsert with an empty key', commit({ ...upsert, key: [] })],
    ['a delete without a key', commit({ ...without(upsert, 'key'), op: 'delete' })],
    ['a change without rows', commit(without(append, 'rows'))],
    ['negative rows', commit({ ...append, rows: -1 })],
    ['a change that does not say whether it is a snapshot', commit(without(append, 'snapshot'))],
    ['a change without a table', commit(without(append, 'table'))],
    ['a drop_first that is no count', commit({ ...append, drop_first: -1 })],
    ['one bad change among good ones', commit(upsert, { ...append, op: null }, append)],
  ])('%s', (_, message) => {
    expect(codeOf(() => parseServerMessage(JSON.stringify(message)))).toBe('bad_message');
  });

  test('text that is no JSON', () => {
    expect(codeOf(() => parseServerMessage('{"type":'))).toBe('bad_message');
  });
});

test('whatever comes is taken exactly where the schema takes it', () => {
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('e', 'append', 'upsert', 0, 1, true, null, 'x') },
    {
      weight: 1,
      arbitrary: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(-1, 0.5, '', [], {}, ['k'])),
    },
  );
  const optional = (known: fc.Arbitrary<unknown>) => fc.option(fc.oneof(known, value), { nil: undefined });
  const change = fc.record({
    table: optional(fc.constant('t')),
    op: optional(fc.constantFrom('append', 'replace', 'upsert', 'delete', 'drop')),
    key: optional(fc.constantFrom(['k'], [])),
    rows: optional(fc.nat()),
    snapshot: optional(fc.boolean()),
    drop_first: optional(fc.nat()),
    chart: optional(fc.constantFrom(null, {}, { series: [] })),
  });
  const message = fc.record({
    type: optional(fc.constantFrom('hello', 'commit', 'heartbeat', 'error')),
    epoch: optional(fc.constant('e')),
    version: optional(fc.nat()),
    changes: optional(fc.array(fc.oneof({ weight: 9, arbitrary: change }, { weight: 1, arbitrary: value }))),
    code: optional(fc.constant('internal')),
    detail: optional(fc.constant('')),
  });
  const counts = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(fc.oneof(message, value), (candidate) => {
      const json: unknown = JSON.parse(JSON.stringify(candidate ?? null));
      const isTaken = isServerMessage(json);
      counts[isTaken ? 'taken' : 'refused']++;
      expect(isTaken).toBe(Value.Check(ServerMessageSchema, json));
    }),
    { numRuns: 5000 },
  );
  expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(100);
});
