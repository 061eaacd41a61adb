import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { TablecastError } from './errors.ts';
import { LIMITS } from './limits.ts';

const version = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const tables = Type.Union([
  Type.Literal('*'),
  Type.Array(Type.String({ minLength: 1, maxLength: LIMITS.maxNameBytes }), {
    maxItems: LIMITS.maxSubscriptions,
  }),
]);

export const SinceSchema = Type.Object({ epoch: Type.String(), version });
/** A position in one log: versions compare only within an epoch. */
export type Since = Static<typeof SinceSchema>;

export const ClientMessageSchema = Type.Union([
  Type.Object({
    type: Type.Literal('subscribe'),
    tables,
    since: Type.Optional(SinceSchema),
    renders: Type.Optional(Type.Boolean()),
    lists: Type.Optional(Type.Boolean()),
    rests: Type.Optional(Type.Boolean()),
    ahead: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.maxAhead })),
  }),
  Type.Object({ type: Type.Literal('unsubscribe'), tables }),
  Type.Object({ type: Type.Literal('taken'), version }),
  Type.Object({ type: Type.Literal('rendered'), version }),
  Type.Object({ type: Type.Literal('visibility'), visible: Type.Boolean() }),
]);
/** What a viewer says to the gateway, as JSON text. */
export type ClientMessage = Static<typeof ClientMessageSchema>;

/** @throws TablecastError `bad_message` */
export function parseClientMessage(text: string): ClientMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TablecastError('bad_message', 'The message is not JSON.', { cause });
  }
  if (Value.Check(ClientMessageSchema, json)) return json;
  const type = typeof json === 'object' && json !== null && 'type' in json ? json.type : undefined;
  const known = ['subscribe', 'unsubscribe', 'taken', 'rendered', 'visibility'];
  if (typeof type !== 'string' || !known.includes(type)) {
    throw new TablecastError('bad_message', `The message's "type" is none of ${known.join(', ')}.`);
  }
  throw new TablecastError(
    'bad_message',
    `The message of type "${type}" lacks a field or has one of the wrong type.`,
  );
}
