import { raceIntake } from '../lib/intake-race.mjs';
import { result } from '../lib/result.mjs';

/** @type {import('../lib/case.mjs').BenchCase} */
export const intakeAppend = {
  name: 'intake-append',
  about: '10 k rows × 6 columns per message, from PUB to committed table',
  async run(context) {
    const figures = await raceIntake(context, {
      data: { rows: context.smoke ? 100 : 10_000, key: 'none', keys: 0, pool: context.smoke ? 2 : 32 },
      header: { op: 'append', retention: { max_rows: 1_000_000 } },
      count: context.smoke ? 20 : 3000,
      perspectiveCount: context.smoke ? 2 : 40,
    });
    const { ours, bare, perspective } = figures;
    return [
      result({
        name: 'intake-append',
        unit: 'rows/s',
        ours: ours.rowsPerSecond,
        peers: {
          bare: bare.rowsPerSecond,
          ...(perspective === undefined ? {} : { perspective: perspective.rowsPerSecond }),
        },
        goal: { bare: '>= 0.85', perspective: '>= 100' },
        detail: {
          longestPauseMs: ours.longestPauseMs,
          cpuPercent: ours.cpuPercent,
          bareCpuPercent: bare.cpuPercent,
        },
      }),
    ];
  },
};
