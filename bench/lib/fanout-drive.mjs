// Messages to every client of a bare server, at the pace at which the sockets take them.
import { arrowMessages } from './arrow-messages.mjs';
import { sharedNowMs } from './clock.mjs';
import { drained } from './drained.mjs';

/**
 * @template Client
 * @param {object} options
 * @param {readonly Client[]} options.clients
 * @param {(message: Buffer) => void} options.sendToAll
 * @param {(client: Client) => number} options.queuedBytes
 * @param {import('./gateway-drive.mjs').Drive} options.drive
 * @returns {Promise<number>} when the first was sent, on the shared clock
 */
export async function driveMessages({ clients, sendToAll, queuedBytes, drive }) {
  const queues = clients.map((client) => () => queuedBytes(client));
  const pool = arrowMessages(drive.data);
  const startedAtMs = sharedNowMs();
  for (let i = 0; i < drive.commits; i += 1) {
    sendToAll(pool[i % pool.length]);
    await drained(queues);
  }
  return startedAtMs;
}
