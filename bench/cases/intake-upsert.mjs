import { raceIntake } from '../lib/intake-race.mjs';
import { result } from '../lib/result.mjs';

/** @type {import('../lib/case.mjs').BenchCase} */
export const intakeUpsert = {
  name: 'intake-upsert',
  about: '10 k-row messages over 100 k keys, int32 key and utf8 key, from PUB to committed table',
  async run(context) {
    return [await upsert(context, 'int32', '>= 10'), await upsert(context, 'utf8', '>= 5')];
  },
};

/** @param {import('../lib/case.mjs').BenchContext} context @param {'int32' | 'utf8'} key @param {string} goal */
async function upsert(context, key, goal) {
  const { ours, bare, perspective } = await raceIntake(context, {
    data: {
      rows: context.smoke ? 100 : 10_000,
      key,
      keys: context.smoke ? 1000 : 100_000,
      pool: context.smoke ? 2 : 32,
    },
    header: { key: ['k'] },
    count: context.smoke ? 20 : 1000,
    perspectiveCount: context.smoke ? 2 : 50,
  });
  return result({
    name: `intake-upsert-${key}`,
    unit: 'rows/s',
    ours: ours.rowsPerSecond,
    peers: {
      bare: bare.rowsPerSecond,
      ...(perspective === undefined ? {} : { perspective: perspective.rowsPerSecond }),
    },
    goal: { perspective: goal },
    detail: { longestPauseMs: ours.longestPauseMs, cpuPercent: ours.cpuPercent },
  });
}
