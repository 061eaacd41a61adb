import { withChildren } from '../lib/child.mjs';
import { raceIntake } from '../lib/intake-race.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';

const rows = 10_000;

/** @type {import('../lib/case.mjs').BenchCase} */
export const intakeCheck = {
  name: 'intake-check',
  about:
    'reading 10 k rows × 6 columns with all checks: its share of intake, and against a reader that has none',
  async run(context) {
    return [await check(context, 'none'), await check(context, 'utf8')];
  },
};

/** @param {import('../lib/case.mjs').BenchContext} context @param {'none' | 'utf8'} key */
async function check(context, key) {
  const { smoke, rounds, profile } = context;
  const data = { rows: smoke ? 100 : rows, key, keys: 100_000, pool: smoke ? 2 : 32 };
  const count = smoke ? 20 : 1000;
  const { ours, library } = await withChildren({ profile }, async (start) => {
    const reader = start('arrow-reader');
    await reader.call('load', data);
    const contender = (/** @type {string} */ how) => () => reader.call('read', how, count);
    return race({ rounds, contenders: { ours: contender('ours'), library: contender('library') } });
  });
  const header = { op: 'append', retention: { max_rows: 100 * data.rows } };
  const intake = await raceIntake(context, { data, header, count });
  // Processor time of both: what other loads take does not count.
  const intakeUs = (data.rows / intake.ours.rowsPerSecond) * 1e4 * intake.ours.cpuPercent;
  return result({
    name: `intake-check-${key === 'none' ? 'floats' : key}`,
    unit: '× the processor time of intake',
    ours: ours.usEach / intakeUs,
    peers: {},
    // All of reading is more than its checks.
    goal: { ours: '<= 0.15' },
    detail: { readUs: ours.usEach, libraryUs: library.usEach, intakeUs },
  });
}
