import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { parseTableName } from '../../protocol/table-name.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { coded } from './problem.ts';

/** Lists publications that are refused before their route sees them: for their body's size or type, or for a parameter. */
export function listUnreadBodies(app: FastifyInstance, parts: GatewayParts): void {
  app.addHook('onError', (request, _reply, error, done) => {
    if (request.method === 'POST' && (isUnread(error) || (isInvalid(error) && hasBody(request))))
      parts.intake.reject(coded(error, request), tableOf(request), 'http');
    done();
  });
}

function isUnread({ code }: FastifyError): boolean {
  return code?.startsWith('FST_ERR_CTP_');
}

/** Whether it was refused by its route's schema. */
function isInvalid({ validationContext }: FastifyError): boolean {
  return validationContext !== undefined;
}

function hasBody({ body }: FastifyRequest): boolean {
  return Buffer.isBuffer(body) && body.length > 0;
}

/** The table that is named in the path, or by `?table=`; null where none is, or no name of a table. */
function tableOf({ params, query }: FastifyRequest): string | null {
  const { name } = params as { readonly name?: string };
  const { table } = query as { readonly table?: unknown };
  const [given, ...more] = [name ?? table].flat();
  if (typeof given !== 'string' || more.length > 0) return null;
  try {
    return parseTableName(given);
  } catch {
    return null;
  }
}
