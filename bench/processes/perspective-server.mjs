// Perspective's own Node WebSocket server; what a SUB socket receives goes into its one keyed table.
import { Subscriber } from 'zeromq';
import { createArrival } from '../lib/arrival.mjs';
import { dataTopic, readyTopic } from '../lib/bus-messages.mjs';
import { freePort } from '../lib/free-address.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const perspective = await import('@perspective-dev/client');
const arrival = createArrival();
const floats = { sent: 'float', v0: 'float', v1: 'float', v2: 'float', v3: 'float' };

/** @param {Subscriber} socket @param {{ update: (bytes: ArrayBuffer) => Promise<unknown> }} table */
async function receive(socket, table) {
  for await (const frames of socket) {
    if (frames[0].length === readyTopic.length) arrival.reach(readyTopic);
    else if (frames[0].length === dataTopic.length) {
      const bytes = frames[frames.length - 1];
      await table.update(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    }
  }
}

serveParent({
  /** @param {{ connect: string }} options */
  async start({ connect }) {
    const table = await perspective.table({ k: 'integer', ...floats }, { index: 'k', name: dataTopic });
    const port = await freePort();
    new perspective.WebSocketServer({ port: { port, host: '127.0.0.1' }, assets: [] });
    const socket = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
    socket.subscribe();
    socket.connect(connect);
    void receive(socket, table);
    return { port };
  },
  ...arrival.methods,
});
