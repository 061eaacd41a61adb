// What the page is raced against: Perspective's own Node WebSocket server with one keyed table, which what a PULL socket
// receives goes into, and the pages of the peers beside it.
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Pull } from 'zeromq';
import { freeAddress, freePort } from '../lib/free-address.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const perspective = await import('@perspective-dev/client');
const assets = ['../page/peers', '../node_modules'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
// What it is behind with waits at the sender, which so slows down, and not here for minutes.
const socket = new Pull({ linger: 0, receiveHighWaterMark: 8 });
/** @type {any} */
let live = null;
let isTaking = true;
let taken = 0;

/** The first message makes the table. @param {string} name @param {string} index */
async function receive(name, index) {
  for await (const frames of socket) {
    if (!isTaking) continue;
    const bytes = frames[frames.length - 1];
    const arrow = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    if (live === null) live = await perspective.table(arrow, { index, name });
    else await live.update(arrow);
    taken += 1;
    // Else its viewers wait until no message does: what they ask for takes the socket a few turns.
    await delay(1);
  }
}

serveParent({
  /** @param {{ table: string, index: string }} options */
  async start({ table, index }) {
    const address = await freeAddress();
    await socket.bind(address);
    void receive(table, index);
    const port = await freePort();
    // It gives its port to listen(), which takes an address too: loopback alone.
    new perspective.WebSocketServer({ port: { port, host: '127.0.0.1' }, assets });
    return { url: `http://127.0.0.1:${port}/`, address };
  },

  /** What comes meanwhile is thrown away. @param {boolean} isOn */
  take(isOn) {
    isTaking = isOn;
  },

  /** Messages that were applied, and rows. */
  async counts() {
    return { taken, rows: live === null ? 0 : await live.size() };
  },
});
