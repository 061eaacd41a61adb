// The table of the charts: a time and a few numbers that go up and down, appended; only the newest rows are kept.
import { projectPackage } from '../packages.mjs';

const { Table, TimestampMillisecond, makeVector, tableToIPC } = projectPackage('apache-arrow');

const firstMs = 1_760_000_000_000;
const stepMs = 10;

/**
 * @param {{ rowCount: number, rows: number, random: () => number, numbers?: number }} spec `rowCount` is how many are kept, `rows` of
 *   each append, `numbers` the columns beside the time
 * @returns {import('./source.mjs').Source}
 */
export function points({ rowCount, rows, random, numbers = 1 }) {
  const values = new Float64Array(numbers);
  let sent = 0;
  const message = (/** @type {number} */ count) => {
    const times = BigInt64Array.from({ length: count }, (_, i) => BigInt(firstMs + (sent + i) * stepMs));
    const columns = Array.from(values, (_, column) => [`value${column}`, walk(column, count)]);
    sent += count;
    const t = makeVector({ type: new TimestampMillisecond('UTC'), data: times });
    return Buffer.from(tableToIPC(new Table({ t, ...Object.fromEntries(columns) }), 'stream'));
  };
  const walk = (/** @type {number} */ column, /** @type {number} */ count) => {
    const data = new Float64Array(count);
    for (let i = 0; i < count; i += 1) data[i] = values[column] += random() - 0.5;
    return makeVector(data);
  };
  return {
    header: { op: 'append', retention: { max_rows: rowCount } },
    *filling() {
      yield message(rowCount);
    },
    next: () => message(rows),
  };
}
