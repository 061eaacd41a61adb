// A producer that keeps its state. Arguments: the gateway's address over HTTP and on the bus, the table, how it writes
// (keyed, appended, pushed, numbered), a seed. What it means its table to be it tells its parent once it is asked to settle.
import { setTimeout as delay } from 'node:timers/promises';
import { Push } from 'zeromq';
import { GatewayLine } from './gateway-line.mjs';
import { built, serveParent } from './parent.mjs';
import { cellOf, SHAPES, TableModel } from './table-model.mjs';

const { fromValues } = await built('protocol/arrow/from-values.js');
const { createProducer } = await built('producer/index.js');
const [url = '', bus = '', table = '', kind = '', seed = '1'] = process.argv.slice(2);
const KEYS = 40;
const PAUSE_MS = 4;

let state = Number(seed);
/** @param {number} end */
const below = (end) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * end);
};

const line = new GatewayLine(url);
const model = new TableModel();
let isDropped = true;
let number = 0;
let done = 0;
/** @type {(() => void) | null} */
let settle = null;

/** @param {Record<string, string>} types @param {number} count */
function newRows(types, count) {
  return Array.from({ length: count }, () => {
    number += 1;
    const key = kind === 'appended' ? number : below(KEYS);
    return Object.fromEntries(
      Object.entries(types).map(([name, type]) => [name, cellOf(type, name === 'k' ? key : number)]),
    );
  });
}

/** @param {string} op @param {Record<string, string>} types @param {readonly object[]} rows @param {string} [commit] */
function publish(op, types, rows, commit = 'auto') {
  const key = kind === 'appended' ? '' : '&key=k';
  return line.ask(`tables/${table}?op=${op}${key}&commit=${commit}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/vnd.apache.arrow.stream',
      'idempotency-key': `${process.pid}-${++done}`,
    },
    body: fromValues(rows, { types }),
  });
}

/** The whole table anew, as often as the gateway has forgotten it meanwhile. */
async function publishAll() {
  while (!isDropped && (await publish('replace', model.types, model.filled)) === null);
}

async function writeKeyed() {
  const luck = below(100);
  let answer;
  if (isDropped || luck < 8) {
    const types = SHAPES[below(SHAPES.length)] ?? {};
    const rows = newRows(types, below(30));
    model.replace(types, rows);
    isDropped = false;
    answer = await publish('replace', types, rows);
  } else if (luck < 10) {
    isDropped = true;
    answer = await line.ask(`tables/${table}`, { method: 'DELETE', mayBe: [404] });
  } else if (luck < 25) {
    const { k = '' } = model.types;
    const rows = newRows({ k }, 1 + below(3));
    model.delete(rows);
    answer = await publish('delete', { k }, rows);
  } else {
    // Now and then a column that the table lacks, and one that it has is left out.
    const { k = '', n = '' } = model.types;
    const types =
      below(20) === 0 ? { k, n, [`more${below(3)}`]: 'float64' } : below(3) === 0 ? { k } : { k, n };
    const rows = newRows(types, 1 + below(8));
    model.upsert(types, rows);
    answer = await publish('upsert', types, rows, below(4) === 0 ? 'hold' : 'auto');
    if (answer !== null && below(8) === 0)
      answer = await line.ask(`update_data?table=${table}`, { method: 'POST' });
  }
  if (answer === null) await publishAll();
}

async function writeAppended() {
  const types = { k: 'int32', n: 'float64', text: 'utf8' };
  const rows = newRows(types, 1 + below(20));
  model.append(types, rows);
  isDropped = false;
  const { retries } = line;
  if ((await publish('append', types, rows)) === null) return publishAll();
  if (line.retries === retries) return;
  // Its Idempotency-Key ends with a gateway, so what was stored and not answered before a kill is there twice.
  const info = await line.ask(`tables/${table}`);
  if (info === null) return publishAll();
  if (info.rows === model.rows.size + rows.length) model.append(types, rows);
}

/** A PUSH socket has no answers: each message is the whole table. */
const socket = kind === 'pushed' ? new Push({ linger: 0, sendHighWaterMark: 20 }) : null;
if (socket !== null) {
  socket.events.on('bind:error', () => {});
  socket.connect(bus);
}
async function writePushed() {
  const types = SHAPES[(number >> 8) % SHAPES.length] ?? {};
  const rows = newRows(types, 1 + below(20));
  model.replace(types, rows);
  isDropped = false;
  await sendWhole();
}
async function sendWhole() {
  const header = { op: 'replace', key: ['k'], sent_at_ms: Date.now() };
  const arrow = Buffer.from(fromValues(model.filled, { types: model.types }));
  await socket?.send([table, JSON.stringify(header), arrow]);
}

/** PUB sockets lose what their line loses; the gateway finds out by the numbers, and asks for the whole table. */
const producer =
  kind === 'numbered'
    ? createProducer({
        connect: bus,
        snapshotOf: () => fromValues(model.filled, { types: model.types }),
        onError: (/** @type {unknown} */ error) => line.faults.push(String(error)),
        waitForSubscriberMs: 0,
        lingerMs: 0,
      })
    : null;
async function writeNumbered() {
  const luck = below(100);
  const isAnew = isDropped || luck < 3;
  const types = isAnew
    ? (SHAPES[below(SHAPES.length)] ?? {})
    : { k: model.types.k ?? '', n: model.types.n ?? '' };
  const rows = newRows(luck < 15 && !isAnew ? { k: types.k ?? '' } : types, 1 + below(8));
  const op = isAnew ? 'replace' : luck < 15 ? 'delete' : 'upsert';
  if (op === 'replace') model.replace(types, rows);
  else if (op === 'delete') model.delete(rows);
  else model.upsert(types, rows);
  isDropped = false;
  await producer.publish(table, fromValues(rows, { types: op === 'delete' ? { k: types.k ?? '' } : types }), {
    op,
    key: ['k'],
  });
}

const write = { keyed: writeKeyed, appended: writeAppended, pushed: writePushed, numbered: writeNumbered }[
  kind
];
async function run() {
  line.epoch = await line.currentEpoch();
  for (;;) {
    while (settle === null) {
      await write?.();
      await delay(below(2 * PAUSE_MS));
    }
    // What was sent to a gateway that is gone came to nothing.
    if (kind === 'pushed') await sendWhole();
    else if (kind === 'numbered') await delay(0);
    else if ((await line.ask(`update_data?table=${table}`, { method: 'POST', mayBe: [404] })) === null)
      await publishAll();
    settle();
    settle = null;
    await new Promise((resolve) => {
      resume = () => resolve(undefined);
    });
  }
}
/** @type {() => void} */
let resume = () => {};

serveParent({
  /** Ends what is under way and tells what the table should be; null where there should be none. */
  settle: async () => {
    await new Promise((resolve) => {
      settle = () => resolve(undefined);
      resume();
    });
    const { faults, retries, epochs } = line;
    const meant = isDropped
      ? null
      : { types: model.types, key: kind === 'appended' ? null : ['k'], rows: model.filled };
    return { table, meant, faults, counts: { written: done || number, retries, epochs } };
  },
  resume: () => resume(),
  written: () => Math.max(number, done),
});
void run();
