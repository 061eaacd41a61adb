import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DurableRun } from '../support/durable-run.ts';

const root = mkdtempSync(join(tmpdir(), 'tablecast-durable-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** More for a long run: `TABLECAST_KILLS=200 npm test -- test/e2e/durable-kill`. */
const KILLS = Number(process.env.TABLECAST_KILLS ?? 5);
const ANSWERS = 60;

// With the second, snapshots are written all the time.
test.each([
  ['always', 1 << 28],
  ['interval', 20_000],
])(
  'with --sync %s a gateway that is killed at any moment loses nothing that was acknowledged or seen',
  async (sync, snapshotBytes) => {
    const args = ['--sync', sync, '--snapshot-bytes', String(snapshotBytes)];
    const run = new DurableRun(join(root, sync), args);
    for (let kill = 0; kill < KILLS; kill++) {
      const gateway = await run.start();
      if (kill > 0) await run.check(gateway);
      expect(run.faults).toEqual([]);
      // At first before every table has been published to.
      await run.loadAndKill(gateway, kill === 0 ? 1 : 1 + Math.floor(Math.random() * ANSWERS));
    }
    const last = await run.start();
    await run.check(last);
    expect(run.faults).toEqual([]);
    expect(run.answers).toBeGreaterThanOrEqual(KILLS);
    expect((await last.close()).code).toBe(0);
  },
  60_000 + KILLS * 10_000,
);
