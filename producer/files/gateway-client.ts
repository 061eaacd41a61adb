import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { Field } from '../../protocol/arrow/data-type.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { ERRORS, type ErrorCode, TablecastError } from '../../protocol/errors.ts';
import type { Op } from '../../protocol/header.ts';
import { type HttpAnswer, type HttpExchangeOptions, httpExchange } from './http-exchange.ts';

export interface GatewayClientOptions {
  /** The gateway's address, its base path included. */
  readonly url: URL;
  readonly token?: string;
  /** Ends what is being asked. */
  readonly signal: AbortSignal;
}

export interface PublicationQuery {
  readonly op?: Op;
  readonly key?: readonly string[];
  readonly commit?: 'auto' | 'hold';
}

/** What `POST /tables/NAME` answers. */
export interface Acknowledgement {
  readonly epoch: string;
  readonly version: number;
  /** Publications that wait in the table's stage, where this one was held. */
  readonly staged?: number;
}

export interface TableCounts {
  readonly rows: number;
  readonly changed: number;
  readonly staged: number;
}

/** The gateway cannot be talked to, as far as anybody can tell for now. */
export class GatewayUnreachable extends Error {}

type Request = Pick<HttpExchangeOptions, 'url' | 'method' | 'body'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/** Refused for the moment alone, before anything was done. */
const MOMENTARY = new Set<ErrorCode>(['rate_limited', 'busy']);
const MAX_ATTEMPTS = 30;
const DEFAULT_WAIT_MS = 500;

/** A gateway over HTTP. Every call throws TablecastError with the gateway's own code and words, or {@link GatewayUnreachable}. */
export class GatewayClient {
  readonly #options: GatewayClientOptions;
  readonly #base: URL;
  readonly #agent: HttpAgent;

  constructor(options: GatewayClientOptions) {
    this.#options = options;
    this.#base = new URL(options.url);
    if (!this.#base.pathname.endsWith('/')) this.#base.pathname += '/';
    this.#agent = new (this.#base.protocol === 'https:' ? HttpsAgent : HttpAgent)({ keepAlive: true });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** @throws TablecastError of the publication, `stage_full` */
  async publish(table: string, arrow: Uint8Array, query: PublicationQuery): Promise<Acknowledgement> {
    const url = this.#tableUrl(table, '');
    if (query.op !== undefined) url.searchParams.set('op', query.op);
    for (const column of query.key ?? []) url.searchParams.append('key', column);
    if (query.commit !== undefined) url.searchParams.set('commit', query.commit);
    const answer = await this.#ask({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
      body: arrow,
    });
    return jsonOf(answer);
  }

  /** The table's columns; null where there is no table. */
  async fields(table: string): Promise<readonly Field[] | null> {
    const url = this.#tableUrl(table, '.arrow');
    url.searchParams.set('limit', '0');
    const answer = await this.#unlessMissing(this.#ask({ url, method: 'GET' }));
    return answer === null ? null : readIpc(answer.body).fields;
  }

  async counts(table: string): Promise<TableCounts | null> {
    const url = this.#tableUrl(table, '');
    const answer = await this.#unlessMissing(this.#ask({ url, method: 'GET' }));
    return answer === null ? null : jsonOf(answer);
  }

  async drop(table: string): Promise<void> {
    await this.#ask({ url: this.#tableUrl(table, ''), method: 'DELETE' });
  }

  #tableUrl(table: string, suffix: string): URL {
    return new URL(`tables/${encodeURIComponent(table)}${suffix}`, this.#base);
  }

  async #ask(request: Request): Promise<HttpAnswer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#exchange(request);
      if (answer.status >= 200 && answer.status < 300) return answer;
      const error = this.#errorOf(answer);
      if (!MOMENTARY.has(error.code) || attempt === MAX_ATTEMPTS) throw error;
      const waitMs = Number(answer.headers['retry-after'] ?? Number.NaN) * 1000;
      await delay(waitMs > 0 ? waitMs : DEFAULT_WAIT_MS, undefined, { signal: this.#options.signal });
    }
  }

  async #exchange(request: Request): Promise<HttpAnswer> {
    const { token, signal } = this.#options;
    const headers = {
      ...request.headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    try {
      return await httpExchange({ ...request, headers, agent: this.#agent, signal });
    } catch (cause) {
      signal.throwIfAborted();
      throw new GatewayUnreachable(this.#unreachable(cause), { cause });
    }
  }

  #unreachable(cause: unknown): string {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const { origin } = this.#base;
    if (code === 'ECONNREFUSED')
      return `No gateway listens at ${origin}; start one with npm start, or say with --url where it is.`;
    if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
      return `The certificate of ${origin} is not trusted (${code}); name its authority's file in NODE_EXTRA_CA_CERTS.`;
    return `The gateway at ${origin} does not answer (${code}); see whether it runs, and whether --url is right.`;
  }

  #errorOf({ status, body }: HttpAnswer): TablecastError {
    const { code, detail } = problemOf(body.toString());
    if (code === null) {
      return new TablecastError(
        'internal',
        `${this.#base.origin} answers ${status} and is no Tablecast gateway, it seems; see whether --url is right.`,
      );
    }
    if (code === 'unauthorized') {
      const what = this.#options.token === undefined ? 'wants a token' : 'does not know this token';
      return new TablecastError(
        code,
        `The gateway at ${this.#base.origin} ${what}: give its write token with --token or TABLECAST_TOKEN.`,
      );
    }
    return new TablecastError(code, detail);
  }

  async #unlessMissing(asked: Promise<HttpAnswer>): Promise<HttpAnswer | null> {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof TablecastError && error.code === 'no_such_table') return null;
      throw error;
    }
  }
}

function problemOf(text: string): { code: ErrorCode | null; detail: string } {
  try {
    const { code, detail } = JSON.parse(text) as { code?: unknown; detail?: unknown };
    if (typeof code === 'string' && code in ERRORS)
      return { code: code as ErrorCode, detail: typeof detail === 'string' ? detail : code };
  } catch {
    // No JSON: not one of the gateway's answers.
  }
  return { code: null, detail: '' };
}

/** What an answer of the gateway's own says: trusted to be as documented. */
function jsonOf<T>({ body }: HttpAnswer): T {
  return JSON.parse(body.toString()) as T;
}
