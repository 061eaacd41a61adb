import type { FastifyReply, FastifyRequest } from 'fastify';
import { TablecastError } from '../../protocol/errors.ts';
import type { GatewayParts } from '../gateway-parts.ts';

const RETRY_AFTER_S = 10;

/** A hook before a viewer's connection begins: viewers of all kinds together have one limit. */
export function refuseTooManyViewers({ broadcaster, events, config, link }: GatewayParts) {
  return async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const viewers = broadcaster.sessions.size + events.size + link.viewersElsewhere();
    if (viewers < config.maxViewers) return;
    void reply.header('retry-after', RETRY_AFTER_S);
    const detail = `${config.maxViewers} viewers are connected, as many as --max-viewers allows; try again later.`;
    throw new TablecastError('too_many_viewers', detail);
  };
}
