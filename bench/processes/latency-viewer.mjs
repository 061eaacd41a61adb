// The one viewer whose time is taken: a replica of the gateway's table, or a reader of the relay's messages.
import { stampOf } from '../lib/arrow-messages.mjs';
import { sharedNowMs } from '../lib/clock.mjs';
import { projectPackage } from '../lib/packages.mjs';
import { percentiles } from '../lib/percentiles.mjs';
import { connectReplicaViewer } from '../lib/replica-viewer.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const { WebSocket } = projectPackage('ws');
const ranks = [0.5, 0.95, 0.99, 1];

/** @type {number[]} */
let appliedMs = [];
/** @type {number[]} */
let arrivedMs = [];

serveParent({
  /** @param {{ port: number, table: string, rows: number }} options `rows` of one publication, all stamped alike */
  connectReplica({ port, table, rows }) {
    return connectReplicaViewer({
      port,
      table,
      onApplied(live, count, times) {
        const column = live.fields.findIndex((/** @type {{ name: string }} */ { name }) => name === 'sent');
        const sent = live.numbers(column, Math.max(0, live.rowCount - count), live.rowCount);
        for (let row = 0; row < sent.length; row += rows) {
          arrivedMs.push(times.arrivedMs - sent[row]);
          appliedMs.push(times.appliedMs - sent[row]);
        }
      },
    }).then(() => undefined);
  },

  /** @param {{ port: number, rows: number }} options */
  connectRelay({ port, rows }) {
    const stamp = stampOf({ rows });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
    socket.on('message', (/** @type {Buffer} */ data) => {
      const tookMs = sharedNowMs() - stamp(data);
      arrivedMs.push(tookMs);
      appliedMs.push(tookMs);
    });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => resolve(undefined));
    });
  },

  /** Forgets what was measured so far. */
  reset() {
    appliedMs = [];
    arrivedMs = [];
  },

  figures() {
    const [p50Ms, p95Ms, p99Ms, maxMs] = percentiles(appliedMs, ranks);
    const [arrivedP50Ms, , arrivedP99Ms] = percentiles(arrivedMs, ranks);
    return { samples: appliedMs.length, p50Ms, p95Ms, p99Ms, maxMs, arrivedP50Ms, arrivedP99Ms };
  },
});
