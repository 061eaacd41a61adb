import { describe, expect, test } from 'vitest';
import {
  afterAnnouncing,
  afterTaking,
  afterWhole,
  MAX_STRETCHES,
  type SequencePosition,
  settled,
  standingOf,
  withoutAnnounced,
} from '../../gateway/tables/sequence-position.ts';

type Step = readonly ['take' | 'tell' | 'whole', number] | 'settle';

function reached(steps: readonly Step[]): SequencePosition | undefined {
  let position: SequencePosition | undefined;
  for (const step of steps) {
    if (step === 'settle') position = settled(position!);
    else if (step[0] === 'take') position = afterTaking(position, step[1]);
    else if (step[0] === 'tell') position = afterAnnouncing(position, step[1]);
    else position = afterWhole(position, step[1]);
  }
  return position;
}

const take = (...numbers: number[]): Step[] => numbers.map((seq) => ['take', seq]);
const tell = (seq: number): Step => ['tell', seq];
const whole = (seq: number): Step => ['whole', seq];

describe('a position', () => {
  test.each<[string, Step[], number, [number, number][]]>([
    ['goes on number by number', take(1, 2, 3), 3, []],
    ['may begin at 0', take(0, 1), 1, []],
    ['misses what was before the first that came', take(5), 5, [[1, 4]]],
    [
      'misses what a jump left out',
      take(1, 4, 6),
      6,
      [
        [2, 3],
        [5, 5],
      ],
    ],
    [
      'takes what comes late',
      take(1, 5, 3),
      5,
      [
        [2, 2],
        [4, 4],
      ],
    ],
    ['is whole once all of it came late', take(1, 4, 2, 3), 4, []],
    ['misses what a heartbeat told of', [...take(1), tell(4)], 1, [[2, 4]]],
    ['misses all of what it never saw', [tell(3)], 0, [[1, 3]]],
    ['counts what is told again once', [...take(1), tell(4), tell(4), tell(6)], 1, [[2, 6]]],
    ['is told nothing new by an old heartbeat', [...take(1, 2, 3), tell(2)], 3, []],
    ['takes in order what was told of', [...take(1), tell(4), ...take(2, 3)], 3, [[4, 4]]],
    [
      'jumps within what was told of',
      [...take(1), tell(6), ...take(4)],
      4,
      [
        [2, 3],
        [5, 6],
      ],
    ],
    ['jumps beyond what was told of', [...take(1), tell(3), ...take(6)], 6, [[2, 5]]],
    ['needs nothing before a whole table', [...take(1, 5, 9), whole(9)], 9, []],
    ['still misses what came after a whole table', [...take(1), tell(6), whole(4)], 4, [[5, 6]]],
    ['misses nothing once it is settled', [...take(1, 5), tell(9), 'settle'], 9, []],
  ])('%s', (_, steps, taken, missing) => {
    expect(reached(steps)).toEqual({ taken, missing });
  });

  test.each<[number, string]>([
    [7, 'next'],
    [9, 'next'],
    [6, 'seen'],
    [5, 'late'],
    [4, 'late'],
    [3, 'seen'],
    [0, 'seen'],
  ])('tells of number %i after 1, 2, 3 and 6 that it is %s', (seq, standing) => {
    expect(standingOf(reached(take(1, 2, 3, 6)), seq)).toBe(standing);
  });

  test('keeps of what is missing only so many stretches, and gives up the oldest', () => {
    const odd = Array.from({ length: MAX_STRETCHES + 10 }, (_, i) => 2 * i + 1);
    const position = reached(take(...odd))!;
    expect(position.missing).toHaveLength(MAX_STRETCHES);
    expect(standingOf(position, 2)).toBe('seen');
    expect(standingOf(position, odd.at(-1)! - 1)).toBe('late');
  });

  test('stores what publications told, not what heartbeats did', () => {
    const position = reached([...take(1, 4), tell(8)])!;
    expect(withoutAnnounced(position)).toEqual({ taken: 4, missing: [[2, 3]] });
  });
});
