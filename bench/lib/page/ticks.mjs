// The table of the page's benchmark: 20 columns by key `id`. Row 0 is in every message, and every message stamps its rows with
// the time of sending, so that each one changes a cell that can be seen.
import { projectPackage } from '../packages.mjs';

const { Int64, Table, TimestampMicrosecond, Utf8, makeVector, tableToIPC, vectorFromArray } =
  projectPackage('apache-arrow');

const sectors = 20;
const prices = 13;
const placeholderMs = 1e9 + 0.5;
const fillRows = 20_000;
/** Different upserts. */
const pool = 32;

/** @param {readonly number[]} ids @param {() => number} random @returns {Buffer} */
function message(ids, random) {
  const prefix = Object.fromEntries(
    Array.from({ length: prices }, (_, i) => [
      `price${i}`,
      makeVector(Float64Array.from(ids, () => Math.round(random() * 1e6) / 1e3)),
    ]),
  );
  const times = BigInt64Array.from(ids, (id) => 1_760_000_000_000_000n + BigInt(id));
  const table = new Table({
    id: makeVector(Int32Array.from(ids)),
    sent: makeVector(new Float64Array(ids.length).fill(placeholderMs)),
    symbol: vectorFromArray(
      ids.map((id) => `instrument-${id}`),
      new Utf8(),
    ),
    sector: vectorFromArray(
      ids.map((id) => `sector ${id % sectors}`),
      new Utf8(),
    ),
    lot: makeVector(Int32Array.from(ids, (id) => id % 97)),
    quantity: makeVector({
      type: new Int64(),
      data: BigInt64Array.from(ids, () => BigInt(Math.floor(random() * 1e5))),
    }),
    time: makeVector({ type: new TimestampMicrosecond('UTC'), data: times }),
    ...prefix,
  });
  return Buffer.from(tableToIPC(table, 'stream'));
}

/** Rows from..from+count. @param {number} from @param {number} count @param {() => number} random */
function filling(from, count, random) {
  return message(
    Array.from({ length: count }, (_, i) => from + i),
    random,
  );
}

/**
 * Upserts of random rows, made before the time is taken.
 * @param {{ rowCount: number, rows: number, random: () => number }} spec
 * @returns {(sentMs: number) => Buffer} the next one, stamped
 */
function upserts({ rowCount, rows, random }) {
  const mark = Buffer.alloc(8);
  mark.writeDoubleLE(placeholderMs);
  const messages = Array.from({ length: pool }, () => {
    const ids = Array.from({ length: rows }, (_, i) =>
      i === 0 ? 0 : 1 + Math.floor(random() * (rowCount - 1)),
    );
    const template = message(ids, random);
    return { template, start: template.indexOf(mark) };
  });
  let next = 0;
  return (sentMs) => {
    const { template, start } = messages[next++ % pool];
    const bytes = Buffer.from(template);
    for (let row = 0; row < rows; row += 1) bytes.writeDoubleLE(sentMs, start + row * 8);
    return bytes;
  };
}

/**
 * @param {{ rowCount: number, rows: number, random: () => number }} spec `rows` of each upsert
 * @returns {import('./source.mjs').Source}
 */
export function ticks({ rowCount, rows, random }) {
  return {
    header: { op: 'upsert', key: ['id'] },
    *filling() {
      for (let from = 0; from < rowCount; from += fillRows)
        yield filling(from, Math.min(fillRows, rowCount - from), random);
    },
    next: upserts({ rowCount, rows, random }),
  };
}
