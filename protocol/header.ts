import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { cleanOption, type PublishedOption } from './chart/clean-option.ts';
import { TablecastError } from './errors.ts';
import { LIMITS } from './limits.ts';

export const OPS = ['replace', 'append', 'upsert', 'delete'] as const;
export type Op = (typeof OPS)[number];

const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

export const RetentionSchema = Type.Object({
  max_rows: Type.Optional(count),
  max_age_ms: Type.Optional(Type.Number({ minimum: 0 })),
  max_bytes: Type.Optional(count),
});
/** How much of a table is kept: rows written longest ago go first, until every limit that is given holds. */
export type Retention = Static<typeof RetentionSchema>;

const columnName = Type.String();

/** The header of a publication: every field optional, unknown fields ignored. */
export const HeaderSchema = Type.Object({
  op: Type.Optional(Type.String()),
  key: Type.Optional(
    Type.Union([
      columnName,
      Type.Array(columnName, { minItems: 1, maxItems: LIMITS.maxKeyColumns, uniqueItems: true }),
    ]),
  ),
  commit: Type.Optional(Type.Union([Type.Literal('auto'), Type.Literal('hold')])),
  run: Type.Optional(Type.String({ maxLength: 128 })),
  seq: Type.Optional(count),
  snapshot: Type.Optional(Type.Boolean()),
  sent_at_ms: Type.Optional(Type.Number()),
  retention: Type.Optional(Type.Union([RetentionSchema, Type.Null()])),
  chart: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
});

/** A header as the gateway works with it: `key` is always a list. */
export interface Header {
  readonly op?: Op;
  readonly key?: readonly string[];
  readonly commit?: 'auto' | 'hold';
  readonly run?: string;
  readonly seq?: number;
  readonly snapshot?: boolean;
  /** Unix time of sending, milliseconds, fractions allowed. */
  readonly sent_at_ms?: number;
  readonly retention?: Retention | null;
  /** An ECharts option, made safe to draw. */
  readonly chart?: PublishedOption | null;
}

/** What a field is, where the schema's own message would mislead. */
const EXPECTED: Readonly<Record<string, string>> = {
  key: 'is a column name, or a list of different ones',
  commit: 'is "auto" or "hold"',
};

const compiled = Compile(HeaderSchema);
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The header frame of a bus message; an empty frame is an empty header.
 *
 * @throws TablecastError `bad_header`, `unknown_op`, `too_large`
 */
export function parseHeaderFrame(frame: Uint8Array): Header {
  if (frame.length === 0) return {};
  if (frame.length > LIMITS.maxHeaderBytes) {
    throw new TablecastError(
      'too_large',
      `The header has ${frame.length} bytes, the limit is ${LIMITS.maxHeaderBytes}.`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(decoder.decode(frame));
  } catch (cause) {
    throw new TablecastError('bad_header', 'The header is not JSON in UTF-8.', { cause });
  }
  return parseHeader(json);
}

/**
 * A header from a parsed JSON value.
 *
 * @throws TablecastError `bad_header`, `unknown_op`
 */
export function parseHeader(json: unknown): Header {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new TablecastError('bad_header', 'The header is not a JSON object.');
  }
  if (!compiled.Check(json)) {
    const first = compiled.Errors(json)[0];
    const [, field = '', part] = first?.instancePath.split('/') ?? [];
    const shown = JSON.stringify(part === undefined ? field : `${field}.${part}`);
    throw new TablecastError(
      'bad_header',
      `The header field ${shown} ${EXPECTED[field] ?? first?.message ?? 'is wrong'}.`,
    );
  }
  if (json.snapshot === true && json.op !== undefined && json.op !== 'replace') {
    throw new TablecastError(
      'bad_header',
      `The header field "snapshot" goes with op "replace", not ${JSON.stringify(json.op)}.`,
    );
  }
  const { op, key, chart, ...rest } = json;
  return {
    ...rest,
    ...(op === undefined ? {} : { op: parseOp(op) }),
    ...(key === undefined ? {} : { key: typeof key === 'string' ? [key] : key }),
    ...(chart === undefined ? {} : { chart: chart === null ? null : cleanOption(chart) }),
  };
}

/** @throws TablecastError `unknown_op` */
export function parseOp(text: string): Op {
  const op = OPS.find((known) => known === text);
  if (op === undefined) {
    throw new TablecastError(
      'unknown_op',
      `The op ${JSON.stringify(text.slice(0, 64))} is none of ${OPS.join(', ')}.`,
    );
  }
  return op;
}
