// The sender: PUB sockets that drop nothing, with the data made before the time is taken.
import { setTimeout as delay } from 'node:timers/promises';
import { Publisher } from 'zeromq';
import { nextArrivalMs } from '../capacity/random-draws.mjs';
import { arrowMessages, stampedMessage } from '../lib/arrow-messages.mjs';
import { dataTopic, markerTopic, readyTopic, smallTable } from '../lib/bus-messages.mjs';
import { sharedNowMs } from '../lib/clock.mjs';
import { createRandom } from '../lib/random.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

/** @type {Map<string, Publisher>} */
const sockets = new Map();
/** @type {Buffer[]} */
let pool = [];
let pacing = { isOn: false, ended: Promise.resolve() };
/** By pacing. */
let sent = 0;

/** @param {object} header @param {string} [table] */
function framesOf(header, table = dataTopic) {
  return [Buffer.from(table), Buffer.from(JSON.stringify(header))];
}

serveParent({
  /** @param {string} address */
  async bind(address) {
    const socket = new Publisher({ sendHighWaterMark: 0, linger: 0 });
    await socket.bind(address);
    sockets.set(address, socket);
  },

  /** @param {import('../lib/arrow-messages.mjs').MessageSpec} spec @returns {number} bytes of one message */
  load(spec) {
    pool = arrowMessages(spec);
    return pool[0]?.length ?? 0;
  },

  /** Sends one small table to say that the line is up. @param {string} address */
  async ready(address) {
    await sockets.get(address)?.send([readyTopic, smallTable()]);
  },

  /** @param {{ address: string, header: object, count: number, table?: string }} burst @returns when the first one was sent */
  async burst({ address, header, count, table }) {
    const socket = sockets.get(address);
    const [topic, head] = framesOf(header, table);
    const marker = [markerTopic, smallTable()];
    const startedAtMs = sharedNowMs();
    for (let i = 0; i < count; i += 1) await socket?.send([topic, head, pool[i % pool.length]]);
    await socket?.send(marker);
    return startedAtMs;
  },

  /**
   * Sends stamped messages until `stopPacing`, at an even rate, or with a seed independently of each other.
   * @param {{ address: string, header: object, perSecond: number, rows: number, keyed: boolean, table?: string, seed?: number }} options
   */
  pace({ address, header, perSecond, rows, keyed, table, seed }) {
    const socket = sockets.get(address);
    const [topic, head] = framesOf(header, table);
    const stamped = stampedMessage({ rows, keyed });
    const loop = async () => {
      const random = createRandom(seed);
      const waitMs = () => (seed === undefined ? 1000 / perSecond : nextArrivalMs(random, perSecond));
      let dueMs = sharedNowMs();
      while (pacing.isOn) {
        const nowMs = sharedNowMs();
        if (nowMs >= dueMs) {
          sent += 1;
          dueMs += waitMs();
          await socket?.send([topic, head, stamped(nowMs)]);
        } else await delay(1);
      }
    };
    pacing = { isOn: true, ended: Promise.resolve() };
    pacing.ended = loop();
  },

  sent: () => sent,

  stopPacing() {
    pacing.isOn = false;
    return pacing.ended;
  },
});
