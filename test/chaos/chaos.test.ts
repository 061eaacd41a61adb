import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ChaosRun } from './chaos-run.ts';

/** `npm run chaos -- --minutes 30 --seed 7` is the long run; a seed that failed is run again by itself, with `--rounds`. */
const { TABLECAST_CHAOS_MINUTES, TABLECAST_CHAOS_SEED, TABLECAST_CHAOS_ROUNDS, TABLECAST_CHAOS_STRIKE_MS } =
  process.env;
const isLong = TABLECAST_CHAOS_MINUTES !== undefined;
const minutes = Number(TABLECAST_CHAOS_MINUTES ?? 0);
const rounds = TABLECAST_CHAOS_ROUNDS === undefined ? null : Number(TABLECAST_CHAOS_ROUNDS);
const firstSeed = Number(TABLECAST_CHAOS_SEED ?? 1);
const strikeMs = Number(TABLECAST_CHAOS_STRIKE_MS ?? (isLong ? 10_000 : 3000));
const SHORT_SEEDS = 2;
const ROUNDS_OF_SEED = 3;
const ROUND_TIMEOUT_MS = 300_000;

/** Seeds that are even have a data directory, odd ones a gateway that forgets. Rounds of one seed follow each other. */
async function runSeed(seed: number, goesOn: (round: number) => boolean): Promise<void> {
  const dataDir = seed % 2 === 0 ? mkdtempSync(path.join(tmpdir(), 'tablecast-chaos-')) : null;
  const log = (line: string): void => {
    if (isLong) console.log(`${new Date().toISOString()} seed ${seed}: ${line}`);
  };
  const run = await ChaosRun.start({ seed, dataDir, log });
  try {
    for (let round = 1; goesOn(round); round++) {
      await run.strike(strikeMs);
      await run.compare();
      const again = `npm run chaos -- --seed ${seed} --rounds ${round} --strike-ms ${strikeMs}`;
      expect(run.faults, again).toEqual([]);
      await run.resume();
    }
  } finally {
    await run.close();
    if (dataDir !== null) rmSync(dataDir, { recursive: true, force: true });
  }
}

test.runIf(process.platform !== 'win32')(
  'after kills, stops, frozen processes and broken lines everybody has the same tables, those that were meant',
  async () => {
    if (rounds !== null) return runSeed(firstSeed, (round) => round <= rounds);
    if (!isLong) {
      for (let i = 0; i < SHORT_SEEDS; i++) await runSeed(firstSeed + i, (round) => round <= 1);
      return;
    }
    // Each seed has a few rounds, so that both kinds of gateway have their turn.
    const endMs = performance.now() + minutes * 60_000;
    for (let seed = firstSeed; performance.now() < endMs; seed++)
      await runSeed(seed, (round) => round <= ROUNDS_OF_SEED && performance.now() < endMs);
  },
  ROUND_TIMEOUT_MS * (rounds ?? SHORT_SEEDS) + minutes * 120_000,
);
