import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { HistoryLimits } from '../../gateway/tables/table-history.ts';
import { type Move, messagePool, moves } from './resume-moves.ts';
import { ResumeRun } from './resume-run.ts';
import type { ViewerCounts } from './resume-viewer.ts';

const TIMEOUT_MS = 400_000;
const MAX_MOVES = 60;
/** Its runs reach everything that is counted, whatever the random ones reach. */
const SEED = 11;

// Heartbeats come as moves, never by themselves.
beforeAll(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterAll(() => void vi.useRealTimers());

const messages = messagePool();
const limits = fc.record({
  maxAgeMs: fc.constantFrom(0, 40, 60_000, 60_000, 60_000),
  maxBytes: fc.constantFrom(500, 3000, 1e9, 1e9, 1e9),
});
const noCounts = (): ViewerCounts => ({ resumed: 0, fellBack: 0, conflated: 0, dropped: 0 });

async function run(numRuns: number, seed?: number): Promise<ViewerCounts> {
  const counts = noCounts();
  const property = fc.asyncProperty(moves(MAX_MOVES), limits, (made, history) =>
    new ResumeRun({ history, messages, counts }).run(made),
  );
  await fc.assert(property, { numRuns, ...(seed === undefined ? {} : { seed }) });
  return counts;
}

test('viewers that come, go, stall and resume have what the store has at every version they are told', {
  timeout: TIMEOUT_MS,
}, async () => {
  await run(10_000);
});

test('the same 500 histories come to resuming by changes and by snapshot, to conflation and to drops', {
  timeout: TIMEOUT_MS,
}, async () => {
  const counts = await run(500, SEED);
  for (const [what, times] of Object.entries(counts)) expect(times, what).toBeGreaterThan(0);
});

const LINE: Move = { type: 'publish', messages: [0] };
const SETTLE: Move = { type: 'settle' };
const STATE_AGAIN: Move = { type: 'subscribe', viewer: 0, tables: ['state'], since: 'unsaid' };
const DROP: Move = { type: 'drop', table: 'log' };
const STALL: Move = { type: 'stall', viewer: 0 };
const COMMIT: Move = { type: 'commit', tables: 'all' };
const LEAVE: Move = { type: 'leave', viewer: 0 };
const JOIN: Move = { type: 'join', tables: ['nothing'], since: 'unsaid' };
const RESUME: Move = { type: 'subscribe', viewer: 0, tables: '*', since: 'remembered' };
/** Short histories that random ones seldom come to. */
const directed: readonly (readonly [of: string, made: readonly Move[]])[] = [
  ['a viewer subscribes again in the same turn', [LINE, SETTLE, STATE_AGAIN, DROP]],
  ['a viewer that takes nothing subscribes again', [LINE, SETTLE, STALL, COMMIT, STATE_AGAIN, DROP]],
  [
    'a viewer of another table resumes all, and none is left',
    [LINE, SETTLE, LEAVE, DROP, JOIN, SETTLE, RESUME],
  ],
];

test.each(directed)('a drop is told, once, where %s', async (_, made) => {
  const history: HistoryLimits = { maxAgeMs: 60_000, maxBytes: 1e9 };
  const counts = noCounts();
  await new ResumeRun({ history, messages, counts }).run(made);
  expect(counts.dropped).toBe(1);
});
