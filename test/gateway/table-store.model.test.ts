import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { countEngineWork } from './engine-counts.ts';
import { ModelRun } from './model-run.ts';
import { histories, type Step } from './random-actions.ts';

const TIMEOUT_MS = 400_000;
/** Its histories reach every path that the last test counts, whatever the random ones reach. */
const SEED = 5;

const engine = countEngineWork();
afterAll(() => engine.close());
const totals = { pieces: 0, resumed: 0, rejected: 0 };

const limits = fc.record({
  maxAgeMs: fc.constantFrom(0, 50, 60_000, 60_000),
  maxBytes: fc.constantFrom(1000, 20_000, 1e9, 1e9),
});

function runOf(steps: readonly Step[], history: { maxAgeMs: number; maxBytes: number }): void {
  const run = new ModelRun(history);
  for (const step of steps) run.step(step);
  run.end();
  totals.pieces += run.counts.pieces;
  totals.resumed += run.counts.resumed;
  totals.rejected += run.counts.rejected;
}

const sets = [
  { of: 'random histories', large: false, maxSteps: 30, numRuns: 700, seed: undefined },
  { of: 'the same 300 histories', large: false, maxSteps: 30, numRuns: 300, seed: SEED },
  { of: 'random histories of thousands of rows', large: true, maxSteps: 16, numRuns: 20, seed: undefined },
  { of: 'the same 40 histories of thousands of rows', large: true, maxSteps: 16, numRuns: 40, seed: SEED },
] as const;

test.for(sets)(
  'store and replicas equal a naive model at every version of $of',
  {
    timeout: TIMEOUT_MS,
  },
  ({ large, maxSteps, numRuns, seed }) => {
    fc.assert(fc.property(histories({ large, maxSteps }), limits, runOf), {
      numRuns,
      ...(seed === undefined ? {} : { seed }),
    });
  },
);

test('the histories came to compaction, renumbering, pieces, resuming and rejections', () => {
  const { merges, renumberings, droppedSegments } = engine;
  for (const [what, times] of Object.entries({ ...totals, merges, renumberings, droppedSegments }))
    expect(times, what).toBeGreaterThan(0);
});
