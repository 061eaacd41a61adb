// socket.io as its documentation has it: one binary message emitted to all.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { driveMessages } from '../lib/fanout-drive.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

/** No ping within a run: the raw viewers do not answer. */
const pingIntervalMs = 600_000;

const server = createServer();
const io = new Server(server, { pingInterval: pingIntervalMs, transports: ['websocket'] });

serveParent({
  start: () =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve({ port: server.address().port }));
    }),

  /** @param {import('../lib/gateway-drive.mjs').Drive} drive */
  drive(drive) {
    return driveMessages({
      clients: [...io.sockets.sockets.values()],
      sendToAll: (message) => void io.emit('commit', message),
      queuedBytes: (client) => client.conn.transport.socket.bufferedAmount + client.conn.writeBuffer.length,
      drive,
    });
  },
});
