import { expect, test } from 'vitest';
import { disarmedOption } from '../../../protocol/chart/disarmed-option.ts';

const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf'];

test('names that plain objects inherit get a character that nobody sees, as texts and as keys, wherever they stand', () => {
  for (const name of names) {
    const seen = `${name}\u200b`;
    const option = {
      series: [{ name, data: [1, name, [name, 2]] }],
      source: Object.fromEntries([[name, [1]]]),
    };
    const safe = disarmedOption(option);
    expect(safe.series).toEqual([{ name: seen, data: [1, seen, [seen, 2]] }]);
    expect(Object.entries(safe.source)).toEqual([[seen, [1]]]);
    expect(Object.getPrototypeOf(safe.source)).toBe(Object.prototype);
    expect(option.series[0]?.name).toBe(name);
  }
});

test('what needs no change stays the object that it is', () => {
  const option = {
    xAxis: { type: 'time', name: 'my __proto__' },
    series: [{ data: new Float64Array([1, 2]), formatter: () => 'constructor' }],
    legend: null,
    later: undefined,
    made: new Date(0),
  };
  expect(disarmedOption(option)).toBe(option);
});
