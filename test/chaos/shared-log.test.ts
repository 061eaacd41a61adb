import { expect, test } from 'vitest';
import { natsServerPath, natsTitle } from '../support/nats-server.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { percentiles, SharedLogRun } from './shared-log-run.ts';

/** `npm run chaos:nats -- --minutes 30 --seed 7` is the long run. */
const {
  TABLECAST_CHAOS_NATS_MINUTES: long,
  TABLECAST_CHAOS_NATS_SEED: seed = '1',
  TABLECAST_CHAOS_NATS_VIEWERS: viewers = long === undefined ? '10' : '200',
} = process.env;
const minutes = Number(long ?? 0);
/** Within these every viewer goes on, also on a machine that has other things to do. */
const MAX_BACK_MS = { gateway: 10_000, leader: 20_000 };

test.skipIf(natsServerPath === null || process.platform === 'win32')(
  `gateways on three NATS servers, any of which are killed, frozen and cut off, lose nothing that was acknowledged and show the same to all viewers${natsTitle}`,
  async () => {
    const run = await SharedLogRun.start({
      servers: 3,
      gateways: long === undefined ? 2 : 3,
      writers: 4,
      viewers: Number(viewers),
      random: new SeededRandom(Number(seed)),
      log: (line) => {
        if (long !== undefined) console.log(`${new Date().toISOString()} ${line}`);
      },
    });
    try {
      const endMs = performance.now() + minutes * 60_000;
      do {
        if (long !== undefined) await run.measure();
        await run.strike(long === undefined ? 3000 : 20_000);
        await run.compare();
        expect(run.faults).toEqual([]);
      } while (performance.now() < endMs);
      expect(run.acknowledged).toBeGreaterThan(0);
      if (long !== undefined)
        for (const what of ['gateway', 'leader'] as const) {
          const tookMs = run.backMs[what].sort((a, b) => a - b);
          console.log(`viewers live after the end of a ${what}: ${percentiles(tookMs)}`);
          expect(tookMs.at(-1), what).toBeLessThan(MAX_BACK_MS[what]);
        }
    } finally {
      await run.close();
    }
  },
  300_000 + minutes * 180_000,
);
