import { describe, expect, it } from 'vitest';
import { type GridState, PLAIN_STATE } from '../../../ui/grid/state/grid-state.ts';
import { createStoredStates } from '../../../ui/grid/state/stored-states.ts';

const KEY = 'tablecast.grids';

function fakeStorage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  } as Storage;
}

const CHOSEN: GridState = {
  ...PLAIN_STATE,
  sort: [{ column: 'a', direction: 'descending' }],
  filters: [
    { type: 'set', column: 'a', values: ['x', null], isExcluded: true },
    { type: 'range', column: 'b', min: null, max: '4' },
  ],
  groupBy: ['c'],
  widthsPx: { a: 120 },
  showsRowNumbers: true,
  timeZone: 'local',
};

describe('stored choices', () => {
  it('come back as they were, for their table alone', () => {
    const stored = createStoredStates(fakeStorage());
    stored.save('prices', CHOSEN);
    expect(stored.load('prices')).toEqual(CHOSEN);
    expect(stored.load('other')).toEqual(PLAIN_STATE);
  });

  it('are kept for the fifty tables used last, and not where nothing is chosen', () => {
    const storage = fakeStorage();
    const stored = createStoredStates(storage);
    for (let i = 0; i < 60; i++) stored.save(`t${i}`, CHOSEN);
    stored.save('t59', PLAIN_STATE);
    expect(JSON.parse(storage.getItem(KEY)!)).toHaveLength(49);
    expect(stored.load('t10')).toEqual(CHOSEN);
    expect(stored.load('t9')).toEqual(PLAIN_STATE);
  });

  it.each([
    'no JSON',
    '{"prices":1}',
    '[["prices"]]',
    '[["prices",null]]',
    '[["prices",{"sort":[{"column":1},7,null],"filters":[{"type":"set","column":"a","values":[1]},{"type":"x"}]}]]',
    '[["prices",{"widthsPx":{"a":-4,"b":"9"},"timeZone":"mars","search":5,"aggregates":{"a":"avg"}}]]',
  ])('that are nonsense are none: %s', (text) => {
    const storage = fakeStorage();
    storage.setItem(KEY, text);
    expect(createStoredStates(storage).load('prices')).toEqual(PLAIN_STATE);
  });

  it('are forgotten without complaint where the browser has no room or no storage', () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    } as unknown as Storage;
    for (const storage of [full, null]) {
      const stored = createStoredStates(storage);
      stored.save('prices', CHOSEN);
      expect(stored.load('prices')).toEqual(PLAIN_STATE);
    }
  });
});
