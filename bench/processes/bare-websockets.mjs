// Servers that do nothing but hold WebSockets: bare ws, and Fastify with its plugin.
import { createServer } from 'node:http';
import { projectPackage } from '../lib/packages.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

/** @returns {Promise<number>} its port */
function startWs() {
  const { WebSocketServer } = projectPackage('ws');
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (/** @type {any} */ socket) => socket.on('message', () => {}));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

/** @returns {Promise<number>} its port */
async function startFastify() {
  const { fastify } = projectPackage('fastify');
  const app = fastify();
  await app.register(projectPackage('@fastify/websocket'), { options: { perMessageDeflate: false } });
  app.get('/live', { websocket: true }, (/** @type {any} */ socket) => socket.on('message', () => {}));
  app.get('/update_data', { schema: {} }, async (_request, /** @type {any} */ reply) => {
    void reply.header('cache-control', 'no-store');
    return { epoch: 'e', version: 1, tables: [], rows: 0, viewers: 0 };
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server.address().port;
}

serveParent({
  /** @param {'ws' | 'fastify'} kind */
  start: async (kind) => ({ port: await (kind === 'ws' ? startWs() : startFastify()) }),
});
