// The sender of the page's benchmark: fills a keyed table, then upserts rows of it at an even rate.
import { setTimeout as delay } from 'node:timers/promises';
import { Push } from 'zeromq';
import { createRandom } from '../lib/arrow-messages.mjs';
import { filling, upserts } from '../lib/page-rows.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const fillRows = 20_000;
const head = Buffer.from(JSON.stringify({ op: 'upsert', key: ['id'] }));
const random = createRandom(1);
const socket = new Push({ linger: 0 });
/** @type {(sentMs: number) => Buffer} */
let nextUpsert = () => Buffer.alloc(0);
let pacing = { isOn: false, ended: Promise.resolve(0) };

serveParent({
  /** @param {{ address: string, table: string, rowCount: number, rows: number }} options */
  async fill({ address, table, rowCount, rows }) {
    socket.connect(address);
    const topic = Buffer.from(table);
    for (let from = 0; from < rowCount; from += fillRows)
      await socket.send([topic, head, filling(from, Math.min(fillRows, rowCount - from), random)]);
    nextUpsert = upserts({ rowCount, rows, pool: 32, random });
  },

  /** @param {{ table: string, perSecond: number }} options */
  pace({ table, perSecond }) {
    const topic = Buffer.from(table);
    const loop = async () => {
      const startedAt = performance.now();
      let sent = 0;
      while (pacing.isOn) {
        if (((performance.now() - startedAt) * perSecond) / 1000 >= sent) {
          sent += 1;
          await socket.send([topic, head, nextUpsert(Date.now())]);
        } else await delay(1);
      }
      return sent;
    };
    pacing = { isOn: true, ended: Promise.resolve(0) };
    pacing.ended = loop();
  },

  /** @returns how many were sent */
  stopPacing() {
    pacing.isOn = false;
    return pacing.ended;
  },
});
