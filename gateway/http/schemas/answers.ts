import { type TSchema, type TSchemaOptions, Type } from 'typebox';
import { ERRORS, type ErrorCode } from '../../../protocol/errors.ts';

/** An answer of one status, as Fastify and OpenAPI describe it. */
export interface Answer {
  readonly description: string;
  readonly headers?: Readonly<Record<string, TSchema>>;
  readonly content?: Readonly<Record<string, { readonly schema: TSchema }>>;
  /** `null` where there is no body. */
  readonly type?: 'null';
}

/** RFC 9457, with a code that stays the same while texts may change. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String({ description: 'What the code means.' }),
    status: Type.Integer(),
    code: Type.Enum(Object.keys(ERRORS) as ErrorCode[], { type: 'string' }),
    detail: Type.String({ description: 'Names the table, column, parameter or byte, and says what to do.' }),
  },
  { $id: 'Problem', description: 'Why a request was refused.' },
);

/** Any request may be refused so. */
const ALWAYS: readonly ErrorCode[] = ['forbidden', 'internal', 'shutting_down'];
/** Routes that take a right. */
const GUARDED: readonly ErrorCode[] = ['unauthorized', 'rate_limited'];

/** Routes that write to the log. */
const WRITING: readonly ErrorCode[] = ['log_write_failed', 'log_unavailable'];

/** Answers of a route that takes the view right. */
export function readingAnswers(taken: Record<number, Answer>, codes: readonly ErrorCode[] = []) {
  return { ...taken, ...problems([...ALWAYS, ...GUARDED, ...codes]) };
}

/** Answers of a route that takes the write right, and no pages of other sites. */
export function writingAnswers(taken: Record<number, Answer>, codes: readonly ErrorCode[] = []) {
  return { ...taken, ...problems([...ALWAYS, ...GUARDED, 'cross_site', ...WRITING, ...codes]) };
}

/** Answers of a route that is open to everybody. */
export function openAnswers(taken: Record<number, Answer>, codes: readonly ErrorCode[] = []) {
  return { ...taken, ...problems([...ALWAYS, ...codes]) };
}

export function jsonAnswer(description: string, schema: TSchema, headers?: Answer['headers']): Answer {
  return answer(description, 'application/json', schema, headers);
}

export function answer(
  description: string,
  mediaType: string,
  schema: TSchema,
  headers?: Answer['headers'],
): Answer {
  return { description, content: { [mediaType]: { schema } }, ...(headers === undefined ? {} : { headers }) };
}

/** The same answers, where those of some statuses have more headers. */
export function withHeaders(
  answers: Record<number, Answer>,
  statuses: readonly number[],
  headers: NonNullable<Answer['headers']>,
): Record<number, Answer> {
  const more = statuses.map((status) => {
    const described = answers[status]!;
    return [status, { ...described, headers: { ...described.headers, ...headers } }];
  });
  return { ...answers, ...Object.fromEntries(more) };
}

export function emptyAnswer(description: string, headers?: Answer['headers']): Answer {
  return { description, type: 'null', ...(headers === undefined ? {} : { headers }) };
}

/** Bytes or text that JSON Schema says nothing of. */
export function bytes(options: TSchemaOptions = {}): TSchema {
  return Type.String({ format: 'binary', ...options });
}

const HEADERS: Readonly<Record<number, Answer['headers']>> = {
  401: { 'WWW-Authenticate': Type.String({ description: '`Bearer`.' }) },
  429: { 'Retry-After': Type.Integer({ description: 'Seconds.' }) },
  503: { 'Retry-After': Type.Integer({ description: 'Seconds, where a wait helps.' }) },
};

/** What a browser is shown that opens a page. */
const FORM = { 'text/html': { schema: Type.String({ description: 'A form that asks for a token.' }) } };

/** One answer for each status, which lists the codes that it may have here. */
function problems(codes: readonly ErrorCode[]): Record<number, Answer> {
  const answers: Record<number, Answer> = {};
  for (const { status } of codes.map((code) => ERRORS[code])) {
    const some = [...new Set(codes)].filter((code) => ERRORS[code].status === status);
    const description = some.map((code) => `\`${code}\`: ${ERRORS[code].meaning}`).join('\n\n');
    const { content } = answer('', 'application/problem+json', problemOf(some));
    const headers = HEADERS[status] === undefined ? {} : { headers: HEADERS[status] };
    answers[status] = { description, content: { ...content, ...(status === 401 ? FORM : {}) }, ...headers };
  }
  return answers;
}

function problemOf(codes: readonly ErrorCode[]): TSchema {
  const code = Type.Enum([...codes], { type: 'string' });
  return Type.Unsafe({ allOf: [{ $ref: 'Problem#' }, Type.Object({ code })] });
}
