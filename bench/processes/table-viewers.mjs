// Viewers of one keyed table, all measured: from the time of sending in a change's rows to its arrival, whole, in the
// viewer's hands. None of them keeps a replica: Perspective's row deltas are not applied to anything either.
import { findStamp } from '../lib/arrow-messages.mjs';
import { sharedNowMs } from '../lib/clock.mjs';
import { projectPackage } from '../lib/packages.mjs';
import { percentiles } from '../lib/percentiles.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const { WebSocket } = projectPackage('ws');
/** @type {number[]} */
let tookMs = [];
/** @type {any[]} */
let sockets = [];

/** @param {Uint8Array} bytes */
function take(bytes) {
  const nowMs = sharedNowMs();
  const sentMs = findStamp(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), nowMs);
  if (sentMs !== null) tookMs.push(nowMs - sentMs);
}

/** @param {number} port @param {string} table */
function connectGateway(port, table) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, 'tablecast.v1');
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => socket.send(JSON.stringify({ type: 'subscribe', tables: [table] })));
    socket.on('message', (/** @type {Buffer} */ data, /** @type {boolean} */ isBinary) => {
      if (isBinary) take(data);
      else if (JSON.parse(data.toString()).type === 'commit') resolve(undefined);
    });
  });
}

/** @param {number} port @param {string} table */
async function connectPerspective(port, table) {
  const perspective = await import('@perspective-dev/client');
  const client = await perspective.websocket(`ws://127.0.0.1:${port}/`);
  const view = await (await client.open_table(table)).view();
  await view.on_update(
    (/** @type {{ delta: ArrayBuffer | Uint8Array }} */ { delta }) =>
      take(delta instanceof Uint8Array ? delta : new Uint8Array(delta)),
    { mode: 'row' },
  );
}

serveParent({
  /** @param {{ kind: 'gateway' | 'perspective', port: number, table: string, count: number }} options */
  async connect({ kind, port, table, count }) {
    const connectOne = kind === 'gateway' ? connectGateway : connectPerspective;
    for (let i = 0; i < count; i += 1) await connectOne(port, table);
  },
  reset() {
    tookMs = [];
  },
  /** Those of a gateway. */
  disconnect() {
    for (const socket of sockets) socket.terminate();
    sockets = [];
  },
  figures() {
    const [p50Ms, p99Ms] = percentiles(tookMs, [0.5, 0.99]);
    return { samples: tookMs.length, p50Ms, p99Ms };
  },
});
