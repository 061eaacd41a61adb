import { LOGIN_COOKIE } from '../auth/login-cookies.ts';

/** How a request shows its right (OpenAPI 3.1, 4.8.27). */
export const SECURITY_SCHEMES = {
  view: {
    type: 'http',
    scheme: 'bearer',
    description: 'The token of `--view-token`, which may read. Without that flag everybody may.',
  },
  write: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The token of `--write-token`, which may write and read. Without that flag who may read may write.',
  },
  login: {
    type: 'apiKey',
    in: 'cookie',
    name: LOGIN_COOKIE,
    description: 'The cookie of a login, with the right of the token or link that it was made with.',
  },
} as const;

/** Either of these; nothing at all where the gateway has no tokens. */
export const TO_READ = [{ view: [] }, { write: [] }, { login: [] }, {}];
export const TO_WRITE = [{ write: [] }, { login: [] }, {}];
export const OPEN: readonly Record<string, readonly string[]>[] = [];
