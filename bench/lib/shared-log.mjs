// Gateways on one log: one takes what the sender publishes, the others have viewers.
import { openLine } from './bus-line.mjs';

/**
 * @typedef {import('./child.mjs').Child} Child
 * @typedef {{ gateway: Child, port: number }} Follower a gateway that takes everything from the log
 *
 * @typedef {object} SharedLog
 * @property {Child} sender
 * @property {Child} intake the gateway that the sender publishes to
 * @property {string} address of the line between them
 * @property {Follower[]} followers
 * @property {() => Promise<Follower>} follow starts one more
 */

/**
 * @param {object} options
 * @param {(name: string) => Child} options.start
 * @param {string} options.natsUrl
 * @param {string} options.stream a name that no other log of that server has
 * @param {number} options.followers
 * @returns {Promise<SharedLog>}
 */
export async function openSharedLog({ start, natsUrl, stream, followers: count }) {
  const config = { log: natsUrl, logStream: stream };
  const sender = start('publisher');
  const { receiver: intake, address } = await openLine(sender, start('gateway'), (line) => ({
    ...config,
    connect: [line],
  }));
  /** @type {Follower[]} */
  const followers = [];
  const follow = async () => {
    const gateway = start('gateway');
    const { port } = await gateway.call('start', config);
    followers.push({ gateway, port });
    return { gateway, port };
  };
  while (followers.length < count) await follow();
  return { sender, intake, address, followers, follow };
}
