import { readyTopic } from './bus-messages.mjs';
import { freeAddress } from './free-address.mjs';

const retryMs = 50;

/**
 * @typedef {import('./child.mjs').Child} Child
 * @typedef {{ address: string, receiver: Child, started: any }} BusLine `started`: what the receiver's `start` answered
 */

/**
 * Starts a receiver on a PUB socket of its own and waits until messages get through.
 * @param {Child} sender @param {Child} receiver @param {(address: string) => unknown} options of the receiver's `start`
 * @returns {Promise<BusLine>}
 */
export async function openLine(sender, receiver, options) {
  const address = await freeAddress();
  await sender.call('bind', address);
  const started = await receiver.call('start', options(address));
  await receiver.call('arm', readyTopic);
  do await sender.call('ready', address);
  while (!(await receiver.call('reachedWithin', readyTopic, retryMs)));
  return { address, receiver, started };
}
