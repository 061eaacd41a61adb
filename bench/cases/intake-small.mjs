import { raceIntake } from '../lib/intake-race.mjs';
import { result } from '../lib/result.mjs';

const rows = 10;

/** @type {import('../lib/case.mjs').BenchCase} */
export const intakeSmall = {
  name: 'intake-small',
  about: '10 rows × 6 columns per message, from PUB to committed table',
  async run(context) {
    const { ours, bare } = await raceIntake(context, {
      data: { rows, key: 'none', keys: 0, pool: 32 },
      header: { op: 'append', retention: { max_rows: 1_000_000 } },
      count: context.smoke ? 200 : 100_000,
    });
    return [
      result({
        name: 'intake-small',
        unit: 'messages/s',
        ours: ours.rowsPerSecond / rows,
        peers: { bare: bare.rowsPerSecond / rows },
        goal: { bare: '>= 0.5' },
        detail: {
          longestPauseMs: ours.longestPauseMs,
          cpuPercent: ours.cpuPercent,
          bareCpuPercent: bare.cpuPercent,
        },
      }),
    ];
  },
};
