// A bare JetStream publisher: the sender's messages as they are, many under way at once.
import { arrowMessages } from '../lib/arrow-messages.mjs';
import { projectPackage } from '../lib/packages.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const { connect } = projectPackage('@nats-io/transport-node');
const { jetstream, jetstreamManager } = projectPackage('@nats-io/jetstream');

const stream = 'bare';
const underWay = 64;
/** @type {any} */
let connection = null;
/** @type {Buffer[]} */
let pool = [];

serveParent({
  /** @param {{ url: string, data: import('../lib/arrow-messages.mjs').MessageSpec }} options */
  async open({ url, data }) {
    pool = arrowMessages(data);
    connection = await connect({ servers: url });
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: stream, subjects: [stream], storage: 'file' });
  },

  /** @param {number} count @returns {Promise<number>} milliseconds until all were stored */
  async publish(count) {
    const client = jetstream(connection);
    const startedAt = performance.now();
    let next = 0;
    const send = async () => {
      while (next < count) {
        const number = next++;
        await client.publish(stream, pool[number % pool.length]);
      }
    };
    await Promise.all(Array.from({ length: underWay }, send));
    return performance.now() - startedAt;
  },
});
