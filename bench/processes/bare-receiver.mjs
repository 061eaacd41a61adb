// The bare zeromq receive loop: what a SUB socket in Node gives without any work on the messages.
import { Subscriber } from 'zeromq';
import { createArrival } from '../lib/arrival.mjs';
import { markerTopic, readyTopic } from '../lib/bus-messages.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const arrival = createArrival();
let received = 0;

/** @param {Subscriber} socket */
async function receive(socket) {
  for await (const [topic] of socket) {
    received += 1;
    if (topic.length === readyTopic.length) arrival.reach(readyTopic);
    else if (topic.length === markerTopic.length) arrival.reach(markerTopic);
  }
}

serveParent({
  /** @param {{ connect: string }} options */
  start({ connect }) {
    const socket = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
    socket.subscribe();
    socket.connect(connect);
    void receive(socket);
  },
  ...arrival.methods,
  received: () => received,
});
