import { type Static, Type } from 'typebox';
import { ERRORS, type ErrorCode } from '../../../protocol/errors.ts';
import { OPS, RetentionSchema } from '../../../protocol/header.ts';

export const epoch = Type.String({
  description: 'The log that versions count in; they compare only within one.',
});
export const version = Type.Integer({
  minimum: 0,
  description: "The gateway's version: the number of its commits so far.",
});
export const errorCode = Type.Enum(Object.keys(ERRORS) as ErrorCode[], { type: 'string' });

const names = Type.Immutable(Type.Array(Type.String()));
const column = Type.Object({
  name: Type.String(),
  type: Type.String({ description: "The column's Arrow type.", examples: ['float64'] }),
  nullable: Type.Boolean(),
});
const count = Type.Integer({ minimum: 0 });
const unixMs = (description: string) =>
  Type.Number({ description: `${description}: Unix time in milliseconds.` });

export const TableInfoSchema = Type.Object({
  name: Type.String(),
  epoch,
  version,
  changed: Type.Integer({ minimum: 0, description: "The version of the table's last change." }),
  rows: Type.Integer({ minimum: 0 }),
  bytes: Type.Number({ minimum: 0, description: 'What its values take in memory.' }),
  schema: Type.Immutable(Type.Array(column)),
  key: Type.Union([names, Type.Null()], { description: 'Names of the key columns; null without a key.' }),
  op: Type.Enum([...OPS], { type: 'string', description: "The last publication's." }),
  retention: Type.Union([RetentionSchema, Type.Null()], {
    description: 'How much of it is kept; null for all.',
  }),
  staged: Type.Integer({ minimum: 0, description: 'Publications that wait for `/update_data`.' }),
  rows_per_s: Type.Number({ minimum: 0, description: 'Rows published, per second.' }),
  last_publication_ms: unixMs('Its last publication'),
  last_error: Type.Union(
    [Type.Object({ code: errorCode, detail: Type.String(), at_ms: unixMs('When') }), Type.Null()],
    { description: 'Why its last refused publication was; null where none was.' },
  ),
  checked: Type.Boolean({
    description: 'Whether its publications are numbered, so that a lost one is noticed.',
  }),
  run: Type.Union([Type.String(), Type.Null()], {
    description: 'The run of a producer that numbered last; null where it is not checked.',
  }),
  seq: Type.Union([count, Type.Null()], { description: "That run's highest number that came." }),
  gaps: Type.Integer({
    minimum: 0,
    description: 'Times that something was lost on the way, since the gateway started.',
  }),
  missing: Type.Integer({ minimum: 0, description: 'Publications lost and not made good.' }),
  missing_before: Type.Integer({
    minimum: 0,
    description: 'Publications before the first that came, where the table did not come whole.',
  }),
  duplicates: Type.Integer({
    minimum: 0,
    description: 'Publications dropped because their number had come before, since the gateway started.',
  }),
  producer: Type.Union([Type.Literal('live'), Type.Literal('silent'), Type.Null()], {
    description: 'Whether who writes it, and sends heartbeats, is heard; null where none ever came.',
  }),
  producer_heard_ms: Type.Union([unixMs('When that was heard last'), Type.Null()]),
});
/** What `GET /tables/NAME` says of a table. */
export type TableInfo = Static<typeof TableInfoSchema>;

export const TableListSchema = Type.Object({ epoch, version, tables: Type.Array(TableInfoSchema) });

/** Headers that say of which state of a table an answer is. */
export const versionHeaders = {
  'Tablecast-Version': Type.Integer({ description: "The gateway's version at the time of reading." }),
  'Tablecast-Epoch': Type.String({ description: 'The log that the version counts in.' }),
  'Tablecast-Changed': Type.Integer({ description: "The version of the table's last change." }),
};
export const stateHeaders = {
  ...versionHeaders,
  ETag: Type.String({ description: 'For `If-None-Match`: another one where any byte may differ.' }),
};

export const conditionalHeaders = Type.Object({
  'If-None-Match': Type.Optional(
    Type.String({ description: 'The `ETag` of an earlier answer: 304 where nothing has changed since.' }),
  ),
});
