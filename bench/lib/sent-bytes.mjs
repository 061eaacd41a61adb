import { subscribe } from 'node:diagnostics_channel';

/**
 * Counts what this process's servers have handed to the kernel for connections that are open.
 * @returns {() => number} bytes so far
 */
export function watchSentBytes() {
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  subscribe('net.server.socket', (message) => {
    const { socket } = /** @type {{ socket: import('node:net').Socket }} */ (message);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () => {
    let bytes = 0;
    for (const socket of sockets) bytes += socket.bytesWritten - socket.writableLength;
    return bytes;
  };
}
