import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { parseClientMessage } from '../../protocol/client-message.ts';
import { TablecastError, toTablecastError } from '../../protocol/errors.ts';
import { parseTableName } from '../../protocol/table-name.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { Session } from '../live/session.ts';

/** A peer that does not answer the closing handshake is cut off after this long. */
const CLOSE_TIMEOUT_MS = 300;
const RETRY_AFTER_S = 10;

/** `/live`: each WebSocket is a session of the broadcaster. */
export async function liveRoute(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  const open = (socket: WebSocket, request: FastifyRequest) => {
    const session = openSession(parts, socket, request.raw.socket);
    // Listeners are attached before anything is awaited: a message that comes earlier would be lost.
    socket.on('message', (data, isBinary) => receive(parts, session, data, isBinary));
    socket.on('close', () => parts.broadcaster.remove(session));
    socket.on('error', (error) => request.log.debug(error));
    parts.broadcaster.add(session);
  };
  const refuse = () => {
    throw new TablecastError('bad_parameter', '/live is a WebSocket; connect to it as one.');
  };
  app.route({
    method: 'GET',
    url: '/live',
    exposeHeadRoute: false,
    preValidation: async (_request, reply) => {
      if (parts.broadcaster.sessions.size + parts.events.size < parts.config.maxViewers) return;
      void reply.header('retry-after', RETRY_AFTER_S);
      const detail = `${parts.config.maxViewers} viewers are connected, as many as --max-viewers allows; try again later.`;
      throw new TablecastError('too_many_viewers', detail);
    },
    handler: refuse,
    wsHandler: open,
  });
}

function openSession(parts: GatewayParts, socket: WebSocket, tcp: Socket): Session {
  const end = (code: number, reason: string) => {
    const cut = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(cut));
    socket.close(code, reason);
  };
  const options = {
    socket: tcp,
    end,
    maxQueuedBytes: parts.config.maxQueuedBytes,
    onDrained: (session: Session) => parts.broadcaster.drained(session),
  };
  return new Session(options, parts.now());
}

function receive(parts: GatewayParts, session: Session, data: unknown, isBinary: boolean): void {
  try {
    if (isBinary || !Buffer.isBuffer(data))
      throw new TablecastError('bad_message', 'Messages from viewers are JSON text.');
    const message = parseClientMessage(data.toString('utf8'));
    if ('tables' in message && message.tables !== '*') message.tables.forEach(parseTableName);
    parts.broadcaster.receive(session, message);
  } catch (thrown) {
    const { code, message } = toTablecastError(thrown);
    session.sendError(code, message);
  }
}
