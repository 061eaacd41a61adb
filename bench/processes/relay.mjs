// The bare relay: what a SUB socket receives goes to every WebSocket as it is.
import { createServer } from 'node:http';
import { Subscriber } from 'zeromq';
import { createArrival } from '../lib/arrival.mjs';
import { dataTopic, readyTopic } from '../lib/bus-messages.mjs';
import { projectPackage } from '../lib/packages.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const { WebSocketServer } = projectPackage('ws');
const arrival = createArrival();
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });

/** @param {Subscriber} socket */
async function relay(socket) {
  for await (const frames of socket) {
    if (frames[0].length === readyTopic.length) arrival.reach(readyTopic);
    else if (frames[0].length === dataTopic.length) {
      const message = frames[frames.length - 1];
      for (const client of sockets.clients) client.send(message);
    }
  }
}

serveParent({
  /** @param {{ connect: string }} options */
  start({ connect }) {
    const socket = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
    socket.subscribe();
    socket.connect(connect);
    void relay(socket);
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve({ port: server.address().port }));
    });
  },
  ...arrival.methods,
});
