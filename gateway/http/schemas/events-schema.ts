import { type Static, Type } from 'typebox';
import { answer, readingAnswers } from './answers.ts';
import { chartProperties } from './chart-schemas.ts';
import { choice, tableName } from './parameter-schemas.ts';
import { TO_READ } from './rights.ts';

const querystring = Type.Object({
  table: Type.Optional(
    Type.Array(tableName, {
      description: 'Tables to follow; may be repeated. Without it all, tables to come included.',
    }),
  ),
  image: choice(['svg', 'png'], 'Sends the charts of these tables too, drawn anew after each change.'),
  last_event_id: Type.Optional(
    Type.String({
      pattern: '^[^]+:[0-9]{1,15}$',
      description: 'As the header `Last-Event-ID`, which wins: the first connection goes on from there.',
      'x-form': 'EPOCH:VERSION',
    }),
  ),
  ...chartProperties,
});
export type EventsQuery = Static<typeof querystring>;

export const eventsSchema = {
  tags: ['viewers'],
  security: TO_READ,
  operationId: 'followEvents',
  summary: 'Tells which tables change, as Server-Sent Events',
  description: [
    'The answer stays open. `event: commit` has `id: EPOCH:VERSION` and `data: {"epoch","version","tables":[…]}`. With `image`',
    '`event: update_image` has `data: {"table","version","src":"data:image/…"}`, and `event: image_error` a problem with its',
    '`table`. What a picture shows (`type`, `x`, `y`, `series`, `title`) is chosen where one table is followed.',
  ].join(' '),
  querystring,
  headers: Type.Object({
    'Last-Event-ID': Type.Optional(
      Type.String({
        description: 'The id of the last event received; a browser sends it when it connects again.',
      }),
    ),
  }),
  response: readingAnswers({ 200: answer('The events.', 'text/event-stream', Type.String()) }, [
    'bad_parameter',
    'bad_name',
    'too_many_viewers',
  ]),
};
