import { Type } from 'typebox';
import { answer, jsonAnswer, openAnswers, readingAnswers } from './answers.ts';
import { OPEN, TO_READ } from './rights.ts';
import { epoch, errorCode, version } from './table-schemas.ts';

const tags = ['status'];

export const healthSchema = {
  tags,
  security: OPEN,
  operationId: 'getHealth',
  summary: 'Whether the gateway is alive',
  response: openAnswers({ 200: jsonAnswer('It is.', Type.Object({ status: Type.Literal('ok') })) }),
};

export const readySchema = {
  tags,
  security: OPEN,
  operationId: 'getReadiness',
  summary: 'Whether the gateway is ready to serve',
  response: openAnswers(
    { 200: jsonAnswer('It is.', Type.Object({ status: Type.Literal('ready'), epoch, version })) },
    ['log_unavailable'],
  ),
};

const addresses = (description: string) => Type.Array(Type.String(), { description });

export const busSchema = {
  tags,
  security: TO_READ,
  operationId: 'getBus',
  summary: 'Where the gateway takes publications over ZeroMQ',
  response: readingAnswers({
    200: jsonAnswer(
      'The addresses, as its flags have them.',
      Type.Object({
        connect: addresses('Its SUB socket connects to these: PUB and XPUB sockets that bind.'),
        bind: addresses('Its SUB socket binds these, for PUB and XPUB sockets that connect.'),
        pull: addresses('Its PULL socket binds these, for PUSH sockets that connect.'),
        curve: Type.Boolean({ description: 'Whether its sockets want CURVE keys.' }),
      }),
    ),
  }),
};

const rejection = Type.Object({
  at_ms: Type.Number({ description: 'Unix time in milliseconds.' }),
  source: Type.Enum(['sub', 'pull', 'http'], { type: 'string', description: 'Where it came from.' }),
  table: Type.Union([Type.String(), Type.Null()], {
    description: 'The table that it named; null where that is no name.',
  }),
  code: errorCode,
  detail: Type.String(),
});

export const rejectionsSchema = {
  tags,
  security: TO_READ,
  operationId: 'listRejections',
  summary: 'The last publications that were refused, and why',
  response: readingAnswers({
    200: jsonAnswer(
      'The rejections.',
      Type.Object({
        count: Type.Integer({ minimum: 0, description: 'All that there were, listed or not.' }),
        rejections: Type.Array(rejection, { description: 'Newest first.' }),
      }),
    ),
  }),
};

export const metricsSchema = {
  tags,
  security: TO_READ,
  operationId: 'getMetrics',
  summary: 'Counts and durations for Prometheus',
  description: 'Names begin with `tablecast_`; durations are in seconds.',
  response: readingAnswers({ 200: answer('The Prometheus text format.', 'text/plain', Type.String()) }),
};
