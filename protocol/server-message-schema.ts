import { type Static, Type } from 'typebox';

const version = Type.Integer({ minimum: 0 });
const rows = Type.Integer({ minimum: 0 });
const key = Type.Array(Type.String(), { minItems: 1 });
const chart = Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]));

export const ChangeHeaderSchema = Type.Union([
  Type.Object({
    table: Type.String(),
    op: Type.Union([Type.Literal('append'), Type.Literal('replace')]),
    rows,
    snapshot: Type.Boolean(),
    drop_first: Type.Optional(Type.Integer({ minimum: 0 })),
    key: Type.Optional(key),
    chart,
  }),
  Type.Object({
    table: Type.String(),
    op: Type.Union([Type.Literal('upsert'), Type.Literal('delete')]),
    key,
    rows,
    snapshot: Type.Boolean(),
    chart,
  }),
  Type.Object({ table: Type.String(), op: Type.Literal('drop'), rows, snapshot: Type.Boolean() }),
]);
/**
 * One change of a commit. `snapshot: true` means the replica's table starts anew with these rows.
 * `chart` is the table's published chart from here on, null for none; a snapshot without it has none.
 * Every change but a `drop` is followed, in order, by one binary message: an Arrow IPC stream of `rows` rows.
 */
export type ChangeHeader = Static<typeof ChangeHeaderSchema>;

export const ServerMessageSchema = Type.Union([
  Type.Object({ type: Type.Literal('hello'), epoch: Type.String(), version }),
  Type.Object({
    type: Type.Literal('commit'),
    epoch: Type.String(),
    version,
    changes: Type.Array(ChangeHeaderSchema),
    listed: Type.Optional(version),
  }),
  Type.Object({ type: Type.Literal('heartbeat'), version }),
  Type.Object({ type: Type.Literal('error'), code: Type.String(), detail: Type.String() }),
]);
/** What the gateway says to a viewer, as JSON text. */
export type ServerMessage = Static<typeof ServerMessageSchema>;
export type CommitMessage = Extract<ServerMessage, { type: 'commit' }>;
