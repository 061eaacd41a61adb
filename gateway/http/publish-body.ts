import type { FastifyRequest } from 'fastify';
import { isCompressed } from '../../protocol/arrow/is-compressed.ts';
import { TablecastError, toTablecastError } from '../../protocol/errors.ts';
import { type Header, parseHeader } from '../../protocol/header.ts';
import type { TextFormat, TextRowsTarget } from '../../protocol/text-rows/text-rows-to-arrow.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { TableHead } from '../tables/admission.ts';
import type { Commit } from '../tables/commit.ts';
import type { Publication } from '../tables/publication.ts';
import { bodyFormat } from './body-type.ts';
import { inflateBody } from './inflate-body.ts';
import type { PublishQuery } from './schemas/publish-schemas.ts';

export interface Published {
  readonly publication: Publication;
  /** The commit that shows it; null where it is held. */
  readonly commit: Commit | null;
}

/** A text body is converted anew where another publication has changed the table's columns meanwhile. */
const MAX_CONVERSIONS = 3;

/**
 * Publishes a request's body, Arrow or rows as text, to a table; resolves once it is in the log. What cannot be taken
 * is listed among the rejections too.
 *
 * @throws TablecastError `unsupported_media_type`, and what is wrong with the publication
 */
export async function publishBody(
  parts: GatewayParts,
  table: string,
  request: Pick<FastifyRequest, 'headers'> & {
    readonly query: PublishQuery;
    readonly body: Buffer | undefined;
  },
  commit?: 'auto' | 'hold',
): Promise<Published> {
  try {
    const format = bodyFormat(request.headers['content-type'] ?? '');
    const header = headerOf({ ...request.query, ...(commit === undefined ? {} : { commit }) });
    const sent = (request.body ?? Buffer.alloc(0)) as Buffer<ArrayBuffer>;
    const body = await inflateBody(sent, request.headers['content-encoding'], parts.config.maxMessageBytes);
    return await (format === 'arrow'
      ? publishArrow(parts, table, header, await plainArrow(parts, body))
      : publishText(parts, table, header, { body, format }));
  } catch (thrown) {
    const error = toTablecastError(thrown);
    parts.intake.reject(error, table, 'http');
    throw error;
  }
}

/** Compressed Arrow is decoded beside everything else; what is wrong with it is said by whoever reads it. */
async function plainArrow(
  { bodies, config }: GatewayParts,
  body: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!isCompressed(body)) return body;
  const job = { body, format: 'arrow', maxDecodedBytes: config.maxMessageBytes } as const;
  return (await bodies.convert(job)).arrow;
}

async function publishArrow(
  parts: GatewayParts,
  table: string,
  header: Header,
  arrow: Uint8Array,
): Promise<Published> {
  if (parts.log.isFull) await parts.log.room();
  return new Promise((resolve, reject) => {
    parts.intake.publish(
      table,
      header,
      arrow,
      (publication, commit) => resolve({ publication, commit }),
      reject,
    );
  });
}

async function publishText(
  parts: GatewayParts,
  table: string,
  header: Header,
  text: { readonly body: Uint8Array<ArrayBuffer>; readonly format: TextFormat },
): Promise<Published> {
  let { body } = text;
  for (let conversion = 1; ; conversion++) {
    const head = parts.store.head(table);
    const target = targetOf(header, head);
    const converted = await parts.bodies.convert({ body, format: text.format, target });
    try {
      return await publishArrow(parts, table, header, converted.arrow);
    } catch (error) {
      const isStale = parts.store.head(table)?.fields !== head?.fields;
      const isMismatch = error instanceof TablecastError && error.code === 'type_mismatch';
      if (!isMismatch || !isStale || conversion === MAX_CONVERSIONS) throw error;
      body = converted.body;
    }
  }
}

/** The table as it will be when all that is admitted is shown. */
function targetOf(header: Header, head: TableHead | null): TextRowsTarget {
  const key = header.key ?? head?.key ?? null;
  const op = header.op ?? (key === null ? 'replace' : 'upsert');
  const addsRows = op === 'append' || op === 'upsert';
  return {
    fields: head?.fields ?? [],
    types: op === 'replace' ? 'preferred' : 'required',
    neverLeftOut: addsRows ? (key ?? []) : null,
  };
}

function headerOf({ op, key, commit, retention, chart }: PublishQuery): Header {
  return {
    ...parseHeader({ ...jsonField('retention', retention), ...jsonField('chart', chart) }),
    ...(op === undefined ? {} : { op }),
    ...(key === undefined ? {} : { key }),
    ...(commit === undefined ? {} : { commit }),
  };
}

/** @throws TablecastError `bad_header` */
function jsonField(name: 'retention' | 'chart', text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    return { [name]: JSON.parse(text) as unknown };
  } catch (cause) {
    const detail = `The parameter "${name}" is not JSON; write it as in a header: ?retention={"max_rows":100}.`;
    throw new TablecastError('bad_header', detail, { cause });
  }
}
