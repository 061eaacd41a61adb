import { LoginCookies } from './login-cookies.ts';
import { LoginLinks } from './login-links.ts';
import { type Right, Tokens, type TokensOptions } from './tokens.ts';

/** Who may do what: by token, by the cookie of a login, by the one-time link that leads to one. */
export class Access {
  readonly tokens: Tokens;
  readonly cookies: LoginCookies;
  readonly links: LoginLinks;
  /** The right that a link made at the start gives; null where pages are open to everybody. */
  readonly startRight: Right | null;

  constructor(options: TokensOptions & { readonly nowMs: () => number }) {
    this.tokens = new Tokens(options);
    this.cookies = new LoginCookies(options);
    this.links = new LoginLinks(options);
    this.startRight = options.viewToken === null ? null : 'view';
  }
}

/** Where a one-time link leads, relative to the page. */
export function linkPath(code: string): string {
  return `login?code=${code}`;
}
