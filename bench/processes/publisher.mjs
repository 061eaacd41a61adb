// The sender: PUB sockets that drop nothing, with the data made before the time is taken.
import { setTimeout as delay } from 'node:timers/promises';
import { Publisher } from 'zeromq';
import { arrowMessages, stampedMessage } from '../lib/arrow-messages.mjs';
import { dataTopic, markerTopic, readyTopic, smallTable } from '../lib/bus-messages.mjs';
import { sharedNowMs } from '../lib/clock.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

/** @type {Map<string, Publisher>} */
const sockets = new Map();
/** @type {Buffer[]} */
let pool = [];
let pacing = { isOn: false, ended: Promise.resolve(0) };

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
   * Sends stamped messages at an even rate until `stopPacing`.
   * @param {{ address: string, header: object, perSecond: number, rows: number, keyed: boolean }} options
   */
  pace({ address, header, perSecond, rows, keyed }) {
    const socket = sockets.get(address);
    const [topic, head] = framesOf(header);
    const stamped = stampedMessage({ rows, keyed });
    const loop = async () => {
      const startedAtMs = sharedNowMs();
      let sent = 0;
      while (pacing.isOn) {
        const nowMs = sharedNowMs();
        if (((nowMs - startedAtMs) * perSecond) / 1000 >= sent) {
          sent += 1;
          await socket?.send([topic, head, stamped(nowMs)]);
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
