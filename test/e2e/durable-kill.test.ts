import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DurableRun } from '../support/durable-run.ts';
import { waitFor } from '../support/wait-for.ts';

const root = mkdtempSync(join(tmpdir(), 'tablecast-durable-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** `npm run kills -- --count 200` is the long run. */
const { TABLECAST_KILLS_COUNT } = process.env;
const KILLS = TABLECAST_KILLS_COUNT === undefined ? 5 : Math.ceil(Number(TABLECAST_KILLS_COUNT) / 2);
const ANSWERS = 60;
const PROGRESS = 10;

function tell(sync: string, kills: number, { answers }: DurableRun): void {
  if (TABLECAST_KILLS_COUNT !== undefined)
    console.log(`--sync ${sync}: ${kills} kills, ${answers} publications acknowledged, none lost`);
}

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
      if (kill % PROGRESS === 0 && kill > 0) tell(sync, kill, run);
      // At first before every table has been published to.
      await run.loadAndKill(gateway, kill === 0 ? 1 : 1 + Math.floor(Math.random() * ANSWERS));
    }
    const last = await run.start();
    await run.check(last);
    expect(run.faults).toEqual([]);
    expect(run.answers).toBeGreaterThanOrEqual(KILLS);
    expect((await last.close()).code).toBe(0);
    tell(sync, KILLS, run);
  },
  60_000 + KILLS * 60_000,
);

test('a gateway that ends before it is killed is told as a fault, and is waited for no longer', async () => {
  const run = new DurableRun(join(root, 'ended'), []);
  const gateway = await run.start();
  const loaded = run.loadAndKill(gateway, Number.POSITIVE_INFINITY);
  await waitFor(() => run.answers > 0, { what: 'an answer' });
  gateway.kill('SIGTERM');
  await loaded;
  expect(run.faults).toContainEqual(expect.stringMatching(/^the gateway ended by itself \(0\)/));
});
