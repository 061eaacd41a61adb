import { expect, test } from 'vitest';
import { natsServerPath, natsTitle } from '../support/nats-server.ts';
import { SharedLogRun } from './shared-log-run.ts';

/** `npm run chaos:nats -- --minutes 30 --seed 7` is the long run. */
const { TABLECAST_CHAOS_NATS_MINUTES: long, TABLECAST_CHAOS_NATS_SEED: seed = '1' } = process.env;
const minutes = Number(long ?? 0);
const strikeMs = long === undefined ? 3000 : 20_000;

test.skipIf(natsServerPath === null || process.platform === 'win32')(
  `gateways on three NATS servers, any of which are killed and frozen, lose nothing that was acknowledged and show the same${natsTitle}`,
  async () => {
    const run = await SharedLogRun.start({
      servers: 3,
      gateways: long === undefined ? 2 : 3,
      writers: 4,
      random: randomFrom(Number(seed)),
      log: (line) => {
        if (long !== undefined) console.log(`${new Date().toISOString()} ${line}`);
      },
    });
    try {
      const endMs = performance.now() + minutes * 60_000;
      do {
        await run.strike(strikeMs);
        await run.compare();
        expect(run.faults).toEqual([]);
      } while (performance.now() < endMs);
      expect(run.acknowledged).toBeGreaterThan(0);
    } finally {
      await run.close();
    }
  },
  300_000 + minutes * 120_000,
);

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomFrom(seedNumber: number): () => number {
  let state = seedNumber;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
