import { expect, test } from 'vitest';
import { arrowSeeds, compressedSeeds } from './arrow-seeds.ts';
import { arrowTarget } from './arrow-target.ts';
import { messageTargets } from './message-targets.ts';
import { publicationTarget } from './publication-target.ts';
import { runFuzz } from './run-fuzz.ts';
import { textBodyTargets } from './text-body-targets.ts';

/** `npm run fuzz -- --count 1000000 --seed 7 --target arrow` is the long run; `--first 41 --count 1` one input of it. */
const { TABLECAST_FUZZ_COUNT, TABLECAST_FUZZ_SEED, TABLECAST_FUZZ_TARGET, TABLECAST_FUZZ_FIRST } =
  process.env;
const seed = Number(TABLECAST_FUZZ_SEED ?? 1);
const first = Number(TABLECAST_FUZZ_FIRST ?? 0);
const MAX_GROWN_BYTES = 16 * 1024 * 1024;
const US_PER_INPUT = 10_000;

const seeds = arrowSeeds();
const targets = [
  { target: arrowTarget('arrow', seeds), shortCount: 2000 },
  { target: arrowTarget('compressed', compressedSeeds()), shortCount: 1000 },
  { target: publicationTarget(seeds), shortCount: 500 },
  ...messageTargets.map((target) => ({ target, shortCount: 2000 })),
  ...textBodyTargets.map((target) => ({ target, shortCount: 300 })),
].filter(({ target }) => TABLECAST_FUZZ_TARGET === undefined || target.name === TABLECAST_FUZZ_TARGET);

test.each(targets.map(({ target, shortCount }) => ({ name: target.name, target, shortCount })))(
  'mutated inputs of $name are each refused with a code or taken for what they say, in little time and memory',
  ({ name, target, shortCount }) => {
    const count = Number(TABLECAST_FUZZ_COUNT ?? shortCount);
    const result = runFuzz(target, { seed, count, first });
    if (TABLECAST_FUZZ_COUNT !== undefined) console.log(lineOf(name, result));
    expect(result.grownBytes).toBeLessThan(MAX_GROWN_BYTES);
    if (count >= shortCount) expect(result.accepted).toBeGreaterThan(0);
  },
  400_000 + (Number(TABLECAST_FUZZ_COUNT ?? 0) * US_PER_INPUT) / 1000,
);

function lineOf(name: string, result: ReturnType<typeof runFuzz>): string {
  const { inputs, accepted, slowestMs, grownBytes, inputsPerSecond } = result;
  return [
    `${name}: ${inputs} inputs, seed ${seed}, ${accepted} taken`,
    `slowest ${slowestMs.toFixed(1)} ms, memory ${(grownBytes / 1e6).toFixed(1)} MB more`,
    `${Math.round(inputsPerSecond)} inputs/s`,
  ].join(', ');
}
