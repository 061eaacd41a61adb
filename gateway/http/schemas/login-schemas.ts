import { type Static, Type } from 'typebox';
import { answer, emptyAnswer, jsonAnswer, openAnswers, readingAnswers } from './answers.ts';
import { text } from './parameter-schemas.ts';
import { OPEN, TO_READ } from './rights.ts';

const tags = ['access'];
const loggedIn = emptyAnswer('The browser is logged in, and led to the page.', {
  'Set-Cookie': Type.String({ description: 'The login, for 30 days.' }),
  Location: Type.String({ description: 'The page, relative.' }),
});
const form = answer('A form that asks for a token.', 'text/html', Type.String());
/** Where the page opens. */
const place = {
  table: text('The table that the page opens with.'),
  dashboard: text('The dashboard that it opens with.'),
  embed: text('`1`: without a frame.'),
  kiosk: text('`1`: without controls.'),
};

const linkQuery = Type.Object({ code: text('A one-time link has it.'), ...place });
export type LinkQuery = Static<typeof linkQuery>;

export const loginFormSchema = {
  tags,
  security: OPEN,
  operationId: 'openLogin',
  summary: 'A form for a token; with `code`, logs the browser in',
  querystring: linkQuery,
  response: openAnswers({ 200: form, 303: loggedIn }, ['bad_parameter', 'unauthorized']),
};

export const loginSchema = {
  tags,
  security: OPEN,
  operationId: 'logIn',
  summary: 'What the form sends: logs the browser in',
  body: {
    content: {
      'application/x-www-form-urlencoded': {
        schema: Type.Object({
          token: Type.String({ description: 'The view or the write token.' }),
          ...place,
        }),
      },
    },
  },
  response: openAnswers({ 303: loggedIn }, ['unauthorized', 'cross_site', 'rate_limited', 'too_large']),
};

export const loginLinkSchema = {
  tags,
  security: TO_READ,
  operationId: 'createLoginLink',
  summary: 'Makes a link that logs one browser in, once and within 10 minutes',
  description: 'The login has the right of the token that this request shows.',
  response: readingAnswers(
    { 200: jsonAnswer('The link.', Type.Object({ url: Type.String({ format: 'uri' }) })) },
    ['bad_parameter', 'cross_site'],
  ),
};
