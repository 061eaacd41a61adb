import { withChildren } from '../lib/child.mjs';
import { percentiles } from '../lib/percentiles.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';
import { gatewayTarget } from '../lib/viewer-targets.mjs';

const changedRows = 1000;
const fillRows = 10_000;
const sizes = { '10k': 10_000, '1M': 1_000_000, '10M': 10_000_000 };
const smokeSizes = { '10k': 10_000, '1M': 20_000, '10M': 30_000 };
const maxMemoryBytes = 8 * 2 ** 30;

/** @typedef {import('../lib/child.mjs').Child} Child */

/** @type {import('../lib/case.mjs').BenchCase} */
export const growth = {
  name: 'growth',
  about: 'a commit of 1 k rows, told to one viewer, into tables of 10 k, 1 M and 10 M rows',
  async run(context) {
    return [await grow(context, 'append'), await grow(context, 'upsert')];
  },
};

/** @param {import('../lib/case.mjs').BenchContext} context @param {'append' | 'upsert'} op */
function grow({ rounds, smoke, profile, note }, op) {
  return withChildren({ profile }, async (start) => {
    const gateway = start('gateway');
    const { port, epoch } = await gateway.call('start', { maxMemoryBytes });
    const wanted = smoke ? smokeSizes : sizes;
    for (const [name, rows] of Object.entries(wanted)) await fill(gateway, op, name, rows);
    note(`${op}: tables are filled`);
    const { version } = await gateway.call('counts');
    const { target, greetings } = gatewayTarget(port, { since: { epoch, version } });
    await start('viewers').call('connect', target, { count: 1, greetings });
    const contenders = Object.fromEntries(
      Object.entries(wanted).map(([name, rows]) => [name, () => commit(gateway, op, name, rows)]),
    );
    return toResult(op, await race({ rounds, contenders }));
  });
}

/** Retention keeps an appended table at its size. @param {'append' | 'upsert'} op @param {number} rows */
function headerOf(op, rows) {
  return op === 'append' ? { op, retention: { max_rows: rows } } : { op, key: ['k'] };
}

/** @param {Child} gateway @param {'append' | 'upsert'} op @param {string} table @param {number} rows */
function fill(gateway, op, table, rows) {
  const key = op === 'append' ? 'none' : 'int32';
  return gateway.call('fill', {
    table,
    header: headerOf(op, rows),
    data: { rows: fillRows, key, keys: rows, pool: 1, inOrder: true },
    commits: Math.ceil(rows / fillRows),
  });
}

/** @param {Child} gateway @param {'append' | 'upsert'} op @param {string} table @param {number} rows */
async function commit(gateway, op, table, rows) {
  const key = op === 'append' ? 'none' : 'int32';
  const tookMs = await gateway.call('timeCommits', {
    table,
    header: headerOf(op, rows),
    data: { rows: changedRows, key, keys: rows, pool: 64 },
    commits: 300,
  });
  const [medianMs, maxMs] = percentiles(tookMs, [0.5, 1]);
  const meanMs =
    tookMs.reduce((/** @type {number} */ sum, /** @type {number} */ ms) => sum + ms, 0) / tookMs.length;
  return { medianMs, meanMs, maxMs };
}

/** @param {string} op @param {Record<string, import('../lib/rounds.mjs').Figures>} figures by size */
function toResult(op, figures) {
  const { '10k': small, '1M': middle, '10M': large } = figures;
  return result({
    name: `growth-${op}`,
    unit: 'ms per commit into 10 M rows',
    ours: large.medianMs,
    peers: { '10k': small.medianMs, '1M': middle.medianMs },
    goal: { '10k': '<= 1.2' },
    detail: {
      meanMs: large.meanMs,
      meanMs10k: small.meanMs,
      meanMs1M: middle.meanMs,
      maxMs: large.maxMs,
      maxMs10k: small.maxMs,
    },
  });
}
