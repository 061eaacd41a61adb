import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseClientMessage } from '../../protocol/client-message.ts';
import { codeOf } from '../support/code-of.ts';

const since = { epoch: 'e', version: 3 };
const names = (count: number) => Array.from({ length: count }, (_, i) => `t${i}`);

describe('taken', () => {
  test.each<[string, object]>([
    ['subscribe to one table', { type: 'subscribe', tables: ['prices'] }],
    ['subscribe to all', { type: 'subscribe', tables: '*' }],
    ['subscribe to none', { type: 'subscribe', tables: [] }],
    ['subscribe to as many as may be', { type: 'subscribe', tables: names(10_000) }],
    ['subscribe since a version', { type: 'subscribe', tables: '*', since }],
    ['subscribe since version 0', { type: 'subscribe', tables: '*', since: { epoch: '', version: 0 } }],
    ['subscribe as a viewer that draws', { type: 'subscribe', tables: '*', renders: true }],
    ['unsubscribe from one table', { type: 'unsubscribe', tables: ['prices'] }],
    ['unsubscribe from all', { type: 'unsubscribe', tables: '*' }],
    ['subscribe that bounds what is sent', { type: 'subscribe', tables: '*', ahead: 1000 }],
    ['taken', { type: 'taken', version: 42 }],
    ['rendered', { type: 'rendered', version: 42 }],
    ['visible', { type: 'visibility', visible: true }],
    ['hidden', { type: 'visibility', visible: false }],
    ['fields of later versions', { type: 'rendered', version: 0, later: true }],
  ])('%s', (_, message) => {
    expect(parseClientMessage(JSON.stringify(message))).toEqual(message);
  });
});

describe('rejected', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['a number', 1],
    ['an array', [{ type: 'rendered', version: 1 }]],
    ['no type', { tables: '*' }],
    ['a type that there is not', { type: 'publish' }],
    ['a type of the other direction', { type: 'hello', epoch: 'e', version: 1 }],
    ['a type that every object has', { type: 'constructor' }],
    ['subscribe without tables', { type: 'subscribe' }],
    ['subscribe to a text', { type: 'subscribe', tables: 'prices' }],
    ['subscribe to numbers', { type: 'subscribe', tables: [1] }],
    ['subscribe to no name', { type: 'subscribe', tables: [''] }],
    ['subscribe to a long name', { type: 'subscribe', tables: ['x'.repeat(129)] }],
    ['subscribe to too many', { type: 'subscribe', tables: names(10_001) }],
    ['since without epoch', { type: 'subscribe', tables: '*', since: { version: 1 } }],
    ['since without version', { type: 'subscribe', tables: '*', since: { epoch: 'e' } }],
    ['since as a number', { type: 'subscribe', tables: '*', since: 41 }],
    ['since before the first', { type: 'subscribe', tables: '*', since: { epoch: 'e', version: -1 } }],
    ['renders that is no boolean', { type: 'subscribe', tables: '*', renders: 'yes' }],
    ['subscribe with none ahead', { type: 'subscribe', tables: '*', ahead: 0 }],
    ['subscribe with too many ahead', { type: 'subscribe', tables: '*', ahead: 1001 }],
    ['taken without version', { type: 'taken' }],
    ['unsubscribe without tables', { type: 'unsubscribe' }],
    ['rendered without version', { type: 'rendered' }],
    ['rendered half a version', { type: 'rendered', version: 1.5 }],
    ['rendered a version in quotes', { type: 'rendered', version: '1' }],
    ['rendered beyond exact numbers', { type: 'rendered', version: 2 ** 53 }],
    ['visibility that is no boolean', { type: 'visibility', visible: 1 }],
  ])('%s', (_, message) => {
    expect(codeOf(() => parseClientMessage(JSON.stringify(message)))).toBe('bad_message');
  });

  test.each([
    '',
    ' ',
    '{',
    'subscribe',
    "{'type':'rendered','version':1}",
    '{"type":"rendered","version":1}}',
  ])('text that is no JSON: %s', (text) => {
    expect(codeOf(() => parseClientMessage(text))).toBe('bad_message');
  });

  test('the detail says which type lacks something', () => {
    expect(() => parseClientMessage('{"type":"rendered"}')).toThrow(/"rendered"/);
    expect(() => parseClientMessage('{"type":"x"}')).toThrow(
      /subscribe, unsubscribe, taken, rendered, visibility/,
    );
  });
});

test('any JSON is a message or is rejected with a code', () => {
  const type = fc.constantFrom('subscribe', 'unsubscribe', 'taken', 'rendered', 'visibility', 'other');
  const near = fc.record(
    { type, tables: fc.jsonValue(), since: fc.jsonValue(), version: fc.jsonValue(), visible: fc.jsonValue() },
    { requiredKeys: ['type'] },
  );
  fc.assert(
    fc.property(fc.oneof(near, fc.jsonValue()), (json) => {
      expect([null, 'bad_message']).toContain(codeOf(() => parseClientMessage(JSON.stringify(json))));
    }),
    { numRuns: 1000 },
  );
});
