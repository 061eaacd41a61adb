// The bare `ws` loop: one message per viewer, sent in a loop.
import { createServer } from 'node:http';
import { driveMessages } from '../lib/fanout-drive.mjs';
import { projectPackage } from '../lib/packages.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const { WebSocketServer } = projectPackage('ws');
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });

serveParent({
  start: () =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve({ port: server.address().port }));
    }),

  /** @param {import('../lib/gateway-drive.mjs').Drive} drive */
  drive(drive) {
    const clients = [...sockets.clients];
    return driveMessages({
      clients,
      sendToAll(message) {
        for (const client of clients) client.send(message);
      },
      queuedBytes: (client) => client.bufferedAmount,
      drive,
    });
  },
});
