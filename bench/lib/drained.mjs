/** So much may wait for each viewer: sockets never run dry, and memory stays small. The same for all systems. */
const maxQueuedBytes = 256 * 1024;

/**
 * Resolves after the event loop has had a turn and no queue holds more than the limit.
 * @param {readonly (() => number)[]} queues bytes that wait, one function per viewer
 */
export async function drained(queues) {
  do {
    await new Promise(setImmediate);
  } while (queues.some((queuedBytes) => queuedBytes() > maxQueuedBytes));
}
