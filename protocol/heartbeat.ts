import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { TablecastError } from './errors.ts';
import { LIMITS } from './limits.ts';

export const HeartbeatSchema = Type.Object({
  run: Type.String({ minLength: 1, maxLength: 128 }),
  tables: Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), {
    maxProperties: LIMITS.maxTables,
  }),
  no_snapshot: Type.Optional(Type.Array(Type.String(), { maxItems: LIMITS.maxTables })),
});
/**
 * What a producer that numbers says each second: the last number of each of its tables, and of which tables it holds no
 * whole state, so that asking for one is in vain.
 */
export type Heartbeat = Static<typeof HeartbeatSchema>;

const compiled = Compile(HeartbeatSchema);
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The second frame of a message on the topic `$heartbeat`; unknown fields are ignored.
 *
 * @throws TablecastError `bad_header`, `too_large`
 */
export function parseHeartbeatFrame(frame: Uint8Array): Heartbeat {
  if (frame.length > LIMITS.maxHeaderBytes) {
    throw new TablecastError(
      'too_large',
      `The heartbeat has ${frame.length} bytes, the limit is ${LIMITS.maxHeaderBytes}.`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(decoder.decode(frame));
  } catch (cause) {
    throw new TablecastError('bad_header', 'The heartbeat is not JSON in UTF-8.', { cause });
  }
  if (compiled.Check(json)) return json;
  const first = compiled.Errors(json)[0];
  const [, field] = first?.instancePath.split('/') ?? [];
  const where = field === undefined ? '' : ` field ${JSON.stringify(field)}`;
  throw new TablecastError(
    'bad_header',
    `The heartbeat${where} ${first?.message ?? 'is wrong'}; send {"run": "…", "tables": {"NAME": seq}}.`,
  );
}
