import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { type ClientMessage, parseClientMessage } from '../../protocol/client-message.ts';
import { TablecastError, toTablecastError } from '../../protocol/errors.ts';
import { parseTableName } from '../../protocol/table-name.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { Session } from '../live/session.ts';
import { resumeWait } from './resume-wait.ts';
import { refuseTooManyViewers } from './viewer-limit.ts';

/** A peer that does not answer the closing handshake is cut off after this long. */
const CLOSE_TIMEOUT_MS = 300;

/** `/live`: each WebSocket is a session of the broadcaster. */
export async function liveRoute(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  const open = (socket: WebSocket, request: FastifyRequest) => {
    const session = openSession(parts, socket, request.raw.socket);
    // Listeners are attached before anything is awaited: a message that comes earlier would be lost.
    socket.on('message', inOrder(parts, socket, session));
    socket.on('close', () => {
      parts.broadcaster.remove(session);
      parts.link.onViewers();
    });
    socket.on('error', (error) => request.log.debug(error));
    parts.broadcaster.add(session);
    parts.link.onViewers();
  };
  const refuse = () => {
    throw new TablecastError('bad_parameter', '/live is a WebSocket; connect to it as one.');
  };
  app.route({
    method: 'GET',
    url: '/live',
    exposeHeadRoute: false,
    preValidation: refuseTooManyViewers(parts),
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
  return new Session(options, parts.broadcaster.uptimeMs);
}

/**
 * Takes a viewer's messages in their order. One who resumes at a version that this gateway is about to reach, for another was
 * faster, is kept waiting for it.
 */
function inOrder(parts: GatewayParts, socket: WebSocket, session: Session) {
  let held: [data: unknown, isBinary: boolean][] | null = null;
  const take = (data: unknown, isBinary: boolean): void => {
    if (held !== null) return void held.push([data, isBinary]);
    const message = parse(session, data, isBinary);
    if (message === null) return;
    const reached = beforeTaking(parts, message);
    if (reached === null) return receive(parts, session, message);
    held = [];
    socket.pause();
    void reached.then(() => {
      const rest = held ?? [];
      held = null;
      socket.resume();
      receive(parts, session, message);
      for (const each of rest) take(...each);
    });
  };
  return take;
}

function beforeTaking(parts: GatewayParts, message: ClientMessage): Promise<void> | null {
  return message.type === 'subscribe' ? resumeWait(parts, message.since ?? null) : null;
}

function parse(session: Session, data: unknown, isBinary: boolean): ClientMessage | null {
  return guarded(session, () => {
    if (isBinary || !Buffer.isBuffer(data))
      throw new TablecastError('bad_message', 'Messages from viewers are JSON text.');
    const message = parseClientMessage(data.toString('utf8'));
    if ('tables' in message && message.tables !== '*') message.tables.forEach(parseTableName);
    return message;
  });
}

/** One who left while it was kept waiting is not served. */
function receive({ broadcaster }: GatewayParts, session: Session, message: ClientMessage): void {
  if (broadcaster.sessions.has(session)) guarded(session, () => broadcaster.receive(session, message));
}

/** null where it threw, and the viewer was told why. */
function guarded<T>(session: Session, work: () => T): T | null {
  try {
    return work();
  } catch (thrown) {
    const { code, message } = toTablecastError(thrown);
    session.sendError(code, message);
    return null;
  }
}
