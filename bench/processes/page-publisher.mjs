// The sender of the page's benchmark: fills a table, then changes it at an even rate.
import { setTimeout as delay } from 'node:timers/promises';
import { Push } from 'zeromq';
import { points } from '../lib/page/points.mjs';
import { ticks } from '../lib/page/ticks.mjs';
import { createRandom } from '../lib/random.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const sources = { points, ticks };
// Who takes less than is sent slows it down soon, and is not behind by minutes.
const socket = new Push({ linger: 0, sendHighWaterMark: 8 });
/**
 * @typedef {{ perSecond: number, startedAt: number, sent: number }} Pace
 * @type {Map<string, { send: () => Promise<void>, pace: Pace | null }>}
 */
const tables = new Map();
let isPacing = false;
let pacing = Promise.resolve();

/** A socket takes one message at a time. */
async function sendPaced() {
  while (isPacing) {
    let isIdle = true;
    for (const { pace, send } of tables.values()) {
      if (pace === null || ((performance.now() - pace.startedAt) * pace.perSecond) / 1000 < pace.sent)
        continue;
      isIdle = false;
      pace.sent += 1;
      await send();
    }
    if (isIdle) await delay(1);
  }
}

serveParent({
  /** @param {string} address */
  connect: (address) => socket.connect(address),

  /** @param {{ table: string, source: keyof typeof sources, rowCount: number, rows: number, numbers?: number }} options */
  async fill({ table, source, ...spec }) {
    const { header, filling, next } = sources[source]({ ...spec, random: createRandom(1) });
    const frames = [Buffer.from(table), Buffer.from(JSON.stringify(header))];
    tables.set(table, { send: () => socket.send([...frames, next(Date.now())]), pace: null });
    for (const arrow of filling()) await socket.send([...frames, arrow]);
  },

  /** Changes the table from here on. @param {string} table @param {number} perSecond */
  pace(table, perSecond) {
    const live = tables.get(table);
    if (live === undefined) throw new Error(`${table} was not filled`);
    live.pace = { perSecond, startedAt: performance.now(), sent: 0 };
    if (isPacing) return;
    isPacing = true;
    pacing = sendPaced();
    pacing.catch(() => {});
  },

  /** Messages since `pace`. @param {string} table */
  sent: (table) => tables.get(table)?.pace?.sent ?? 0,

  /** Once it changes no table any more. */
  async rest() {
    isPacing = false;
    await pacing;
    for (const live of tables.values()) live.pace = null;
  },
});
