import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TablecastError } from '../../../protocol/errors.ts';
import type { GatewayParts } from '../../gateway-parts.ts';
import { type LinkQuery, loginFormSchema, loginLinkSchema, loginSchema } from '../schemas/login-schemas.ts';
import { linkPath } from './access.ts';
import { LOGIN_COOKIE, LOGIN_LIFETIME_S } from './login-cookies.ts';
import { sendLoginForm } from './login-form.ts';
import { hrefOf, type LoginPlace, placeOf } from './login-place.ts';
import type { Right } from './tokens.ts';

const MAX_FORM_BYTES = 4096;

/** `/login` gives a browser its cookie, for a one-time code or a token; `/login-link` makes such a code. */
export async function loginRoutes(app: FastifyInstance, parts: GatewayParts): Promise<void> {
  const { access, config } = parts;
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
  );

  const logIn = (request: FastifyRequest, reply: FastifyReply, right: Right, place: LoginPlace) => {
    return reply
      .setCookie(LOGIN_COOKIE, access.cookies.issue(right) ?? '', {
        path: `${config.basePath}/`,
        maxAge: LOGIN_LIFETIME_S,
        httpOnly: true,
        // Links from other sites open the page; what they make a browser send besides comes without it.
        sameSite: 'lax',
        secure: request.protocol === 'https',
      })
      .header('cache-control', 'no-store')
      .redirect(hrefOf(place), 303);
  };

  app.get<{ Querystring: LinkQuery }>(
    '/login',
    { exposeHeadRoute: false, schema: loginFormSchema },
    async (request, reply) => {
      const { code } = request.query;
      if (code === undefined) return sendLoginForm(request, reply, 200);
      const right = access.links.redeem(code);
      if (right === null) {
        const detail = 'This link was used before, or is more than 10 minutes old.';
        if (asksForPage(request)) return sendLoginForm(request, reply, 401, detail);
        throw new TablecastError('unauthorized', detail);
      }
      return logIn(request, reply, right, placeOf(request.query));
    },
  );

  app.post<{ Body: unknown }>(
    '/login',
    { bodyLimit: MAX_FORM_BYTES, schema: loginSchema },
    async (request, reply) => {
      const token = (request.body as { token?: unknown } | null | undefined)?.token;
      const right = typeof token === 'string' ? access.tokens.rightOf(token.trim()) : null;
      if (right === null) {
        if (asksForPage(request)) return sendLoginForm(request, reply, 401, 'This token is unknown.');
        throw new TablecastError('unauthorized', 'The form\'s "token" is missing or unknown.');
      }
      return logIn(request, reply, right, placeOf(request.body));
    },
  );

  app.post('/login-link', { schema: loginLinkSchema }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const { right } = request.identity;
    if (right === null)
      throw new TablecastError(
        'bad_parameter',
        'The gateway was started without tokens: no login is needed.',
      );
    const code = access.links.create(right);
    return { url: `${request.protocol}://${request.host}${config.basePath}/${linkPath(code)}` };
  });
}

function asksForPage({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').includes('text/html');
}
