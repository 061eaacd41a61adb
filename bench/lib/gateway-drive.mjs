// Publications handed to a gateway's intake within its process, as its bus would.
import { arrowMessages } from './arrow-messages.mjs';
import { sharedNowMs } from './clock.mjs';
import { drained } from './drained.mjs';

/**
 * @typedef {object} Drive
 * @property {string} table
 * @property {object} header
 * @property {import('./arrow-messages.mjs').MessageSpec} data
 * @property {number} commits
 */

/**
 * Commit after commit to all viewers, each once the sockets have taken most of the one before.
 * @param {any} parts @param {Drive} drive
 * @returns {Promise<number>} when the first began, on the shared clock
 */
export async function driveCommits({ intake, broadcaster, store }, drive) {
  // A viewer that has not had its turn yet would get this commit and the next as one.
  const queues = [...broadcaster.sessions].map(
    (session) => () => (session.version < store.version ? Number.POSITIVE_INFINITY : session.queuedBytes),
  );
  const messages = messagesOf(drive);
  const startedAtMs = sharedNowMs();
  for (const message of messages) {
    intake.takeMessages([message]);
    await drained(queues);
  }
  return startedAtMs;
}

/** @param {any} parts @param {Drive} drive @returns {Promise<Float64Array>} what each commit took, milliseconds */
export async function timeCommits({ intake }, drive) {
  const tookMs = new Float64Array(drive.commits);
  let next = 0;
  for (const message of messagesOf(drive)) {
    const startedAt = performance.now();
    intake.takeMessages([message]);
    tookMs[next++] = performance.now() - startedAt;
    await new Promise(setImmediate);
  }
  return tookMs;
}

/** As a bus hands them on. @param {Drive} drive */
function messagesOf({ table, header, data, commits }) {
  const topic = Buffer.from(table);
  const head = Buffer.from(JSON.stringify(header));
  const pool = arrowMessages(data).map((arrow) => ({ frames: [topic, head, arrow], source: 'sub' }));
  return Array.from({ length: commits }, (_, i) => pool[i % pool.length]);
}

/**
 * Publishes messages that are made one by one, so that no others are in memory.
 * @param {any} parts @param {Drive} drive
 * @returns {Promise<number>} bytes of the Arrow messages
 */
export async function fillTable({ intake, log }, { table, header, data, commits }) {
  const topic = Buffer.from(table);
  const head = Buffer.from(JSON.stringify(header));
  let bytes = 0;
  for (let i = 0; i < commits; i += 1) {
    const [arrow] = arrowMessages({ ...data, pool: 1, firstMessage: i });
    bytes += arrow.length;
    if (log.isFull) await log.room();
    intake.takeMessages([{ frames: [topic, head, arrow], source: 'sub' }]);
    await new Promise(setImmediate);
  }
  return bytes;
}
