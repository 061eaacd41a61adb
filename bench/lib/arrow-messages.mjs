// The data of the benchmarks: Arrow IPC streams of 6 columns, the same in every process that asks for the same.
import { projectPackage } from './packages.mjs';
import { createRandom } from './random.mjs';

const { Table, Utf8, makeVector, tableToIPC, vectorFromArray } = projectPackage('apache-arrow');

/**
 * @typedef {object} MessageSpec
 * @property {number} rows
 * @property {'none' | 'int32' | 'utf8'} key type of the first column, `k`; `none` makes it a float64 `t` instead
 * @property {number} keys how many different ones there are
 * @property {number} pool how many different messages
 * @property {boolean} [inOrder] keys 0, 1, 2 … through all messages instead of random ones
 * @property {number} [firstMessage] how many messages went before, where they are made one by one
 * @property {number} [floats] columns beside the first; 5 where absent
 */

/** @param {MessageSpec} spec @returns {Buffer[]} */
export function arrowMessages({ rows, key, keys, pool, inOrder = false, floats = 5, firstMessage = 0 }) {
  const random = createRandom(firstMessage);
  return Array.from({ length: pool }, (_, i) => {
    const message = firstMessage + i;
    const keyOf = (/** @type {number} */ row) =>
      inOrder ? (message * rows + row) % keys : Math.floor(random() * keys);
    /** @type {Record<string, unknown>} */
    const columns = firstColumn(key, rows, keyOf);
    for (let column = 0; column < floats; column += 1)
      columns[`v${column}`] = makeVector(Float64Array.from({ length: rows }, random));
    return Buffer.from(tableToIPC(new Table(columns), 'stream'));
  });
}

/** @param {MessageSpec['key']} key @param {number} rows @param {(row: number) => number} keyOf */
function firstColumn(key, rows, keyOf) {
  const positions = Array.from({ length: rows }, (_, row) => row);
  if (key === 'none') return { t: makeVector(Float64Array.from(positions)) };
  if (key === 'int32') return { k: makeVector(Int32Array.from(positions, keyOf)) };
  return {
    k: vectorFromArray(
      positions.map((row) => `key-${keyOf(row)}`),
      new Utf8(),
    ),
  };
}

const placeholderMs = 1e9 + 0.5;

/** @param {{ rows: number, keyed: boolean }} spec @returns {{ template: Buffer, start: number }} where the stamps begin */
function stampTemplate({ rows, keyed }) {
  const random = createRandom();
  const first = keyed ? { k: makeVector(Int32Array.from({ length: rows }, (_, row) => row)) } : {};
  const floats = Array.from({ length: keyed ? 4 : 5 }, (_, i) => [
    `v${i}`,
    makeVector(Float64Array.from({ length: rows }, random)),
  ]);
  const sent = makeVector(new Float64Array(rows).fill(placeholderMs));
  const table = new Table({ ...first, sent, ...Object.fromEntries(floats) });
  const template = Buffer.from(tableToIPC(table, 'stream'));
  const mark = Buffer.alloc(8);
  mark.writeDoubleLE(placeholderMs);
  return { template, start: template.indexOf(mark) };
}

/**
 * A message of 6 columns whose every row bears its time of sending: copied, and the bytes of column `sent` set.
 * @param {{ rows: number, keyed: boolean }} spec `keyed`: the first column is an int32 `k`
 * @returns {(sentMs: number) => Buffer}
 */
export function stampedMessage(spec) {
  const { template, start } = stampTemplate(spec);
  return (sentMs) => {
    const message = Buffer.from(template);
    for (let row = 0; row < spec.rows; row += 1) message.writeDoubleLE(sentMs, start + row * 8);
    return message;
  };
}

/** Reads the time of sending from a stamped message as it was sent. @param {{ rows: number }} spec @returns {(message: Buffer) => number} */
export function stampOf({ rows }) {
  const { start } = stampTemplate({ rows, keyed: false });
  return (message) => message.readDoubleLE(start);
}

/**
 * The time of sending in any Arrow bytes that hold a stamped message's rows: all other numbers of it are below 1.
 * @param {Buffer} bytes
 * @param {number} nowMs
 */
export function findStamp(bytes, nowMs) {
  const oldestMs = Math.max(1000, nowMs - 60_000);
  for (let i = 0; i + 8 <= bytes.length; i += 8) {
    const value = bytes.readDoubleLE(i);
    if (value > oldestMs && value <= nowMs) return value;
  }
  return null;
}
