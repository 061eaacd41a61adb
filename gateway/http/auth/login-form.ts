import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type LoginPlace, placeOf } from './login-place.ts';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;color-scheme:light dark}
form{display:grid;gap:12px;width:min(320px,calc(100vw - 48px))}
h1{font-size:20px;margin:0}p{margin:0}
input,button{font:inherit;padding:8px;min-width:0}`;

/** A page that asks for a token, where the browser shows none that will do. `refusal` says what was wrong. */
export function sendLoginForm(
  request: FastifyRequest,
  reply: FastifyReply,
  status: 200 | 401,
  refusal?: string,
): FastifyReply {
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  return reply
    .code(status)
    .header('content-security-policy', contentSecurityPolicy())
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(
      page(
        upTo(request),
        [...placeOf(request.query), ...placeOf(request.body)],
        refusal ?? 'This gateway asks for a token.',
      ),
    );
}

function contentSecurityPolicy(): string {
  const style = createHash('sha256').update(STYLE).digest('base64');
  return `default-src 'none'; style-src 'sha256-${style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'`;
}

/** The way up to the page's folder: whatever path a proxy puts before it is unknown here. */
function upTo({ url }: FastifyRequest): string {
  const depth = url.split('?')[0]!.split('/').length - 2;
  return depth > 0 ? '../'.repeat(depth) : './';
}

function page(base: string, place: LoginPlace, message: string): string {
  const hidden = place
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`)
    .join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tablecast: log in</title><style>${STYLE}</style></head>
<body><form method="post" action="${base}login"><h1>Tablecast</h1><p role="status">${escaped(message)}</p>
<label for="token">View or write token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>${hidden}
<button>Log in</button></form></body></html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
