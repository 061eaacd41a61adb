import { ERRORS, type ErrorCode, TablecastError } from '../../protocol/errors.ts';

/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly credentials: 'include';
    readonly signal?: AbortSignal;
  },
) => Promise<FetchResponse>;

export interface FetchResponse {
  readonly ok: boolean;
  readonly status: number;
  text(): Promise<string>;
}

/** A table as `GET /tables` tells of it; PROTOCOL.md has the meaning of each. */
export interface TableInfo {
  readonly name: string;
  readonly epoch: string;
  readonly version: number;
  readonly changed: number;
  readonly rows: number;
  readonly bytes: number;
  readonly schema: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  readonly key: readonly string[] | null;
  readonly op: string;
  readonly retention: object | null;
  readonly staged: number;
  readonly rows_per_s: number;
  /** Unix time. */
  readonly last_publication_ms: number;
  readonly last_error: { readonly code: string; readonly detail: string; readonly at_ms: number } | null;
  /** Whether its publications are numbered, so that a lost one is noticed. */
  readonly checked: boolean;
  readonly run: string | null;
  readonly seq: number | null;
  readonly gaps: number;
  readonly missing: number;
  readonly missing_before: number;
  readonly duplicates: number;
  readonly producer: 'live' | 'silent' | null;
  /** Unix time. */
  readonly producer_heard_ms: number | null;
}

export interface UpdateRequest {
  /** Tables to commit; everything staged where absent. */
  readonly tables?: readonly string[];
  /** Answer when the viewers have drawn it. */
  readonly waitForRendered?: boolean;
  /** How long to wait for them at most; 2000 where absent. */
  readonly timeoutMs?: number;
}

export interface UpdateAnswer {
  readonly epoch: string;
  readonly version: number;
  readonly tables: readonly string[];
  readonly rows: number;
  readonly viewers: number;
  /** These come with `waitForRendered`. */
  readonly rendered?: number;
  readonly pending?: number;
  readonly hidden?: number;
  readonly p50_ms?: number | null;
  readonly max_ms?: number | null;
}

/** Nobody answers at the address. */
export class GatewayUnreachable extends Error {
  constructor(url: URL, options: { readonly cause: unknown }) {
    super(`No gateway answers at ${url.href} (${reasonOf(options.cause)}).`, options);
    this.name = 'GatewayUnreachable';
  }
}

/** A gateway's HTTP routes. Their errors are TablecastErrors with the gateway's code, and GatewayUnreachable. */
export class GatewayHttp {
  readonly url: URL;
  readonly #token: string | null;
  readonly #fetch: Fetch;

  constructor(options: { readonly url: URL; readonly token: string | null; readonly fetch: Fetch }) {
    this.url = options.url;
    this.#token = options.token;
    this.#fetch = options.fetch;
  }

  async tables(): Promise<{ epoch: string; version: number; tables: TableInfo[] }> {
    return JSON.parse(await this.text('tables')) as { epoch: string; version: number; tables: TableInfo[] };
  }

  async table(name: string): Promise<TableInfo> {
    return JSON.parse(await this.text(`tables/${encodeURIComponent(name)}`)) as TableInfo;
  }

  async updateData({
    tables = [],
    waitForRendered = false,
    timeoutMs,
  }: UpdateRequest): Promise<UpdateAnswer> {
    const query = new URLSearchParams(tables.map((table): [string, string] => ['table', table]));
    if (waitForRendered) query.set('wait', 'rendered');
    if (timeoutMs !== undefined) query.set('timeout_ms', String(timeoutMs));
    return JSON.parse(await this.text(`update_data?${query}`, { method: 'POST' })) as UpdateAnswer;
  }

  /** What the path, relative to the gateway, answers. */
  async text(
    path: string,
    { method = 'GET', signal }: { readonly method?: string; readonly signal?: AbortSignal } = {},
  ): Promise<string> {
    const response = await this.#ask(path, method, signal);
    const text = await this.#reach(() => response.text());
    if (response.ok) return text;
    throw problemOf(response.status, text, new URL(path, this.url));
  }

  /** Why the gateway would not open `/live` now or later, where that is known: it wants another token, or is none. */
  async refusalOfLine(): Promise<TablecastError | null> {
    try {
      const response = await this.#ask('live', 'GET');
      const problem = problemOf(response.status, await response.text(), this.url);
      return [401, 403, 404].includes(response.status) ? problem : null;
    } catch {
      return null;
    }
  }

  #ask(path: string, method: string, signal?: AbortSignal): Promise<FetchResponse> {
    return this.#reach(() =>
      this.#fetch(new URL(path, this.url).href, {
        method,
        headers: this.#token === null ? {} : { authorization: `Bearer ${this.#token}` },
        credentials: 'include',
        ...(signal === undefined ? {} : { signal }),
      }),
    );
  }

  async #reach<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      throw new GatewayUnreachable(this.url, { cause });
    }
  }
}

/** RFC 9457; what is none comes from something else than a gateway. */
function problemOf(status: number, text: string, url: URL): TablecastError {
  try {
    const { code, detail } = JSON.parse(text) as { code?: unknown; detail?: unknown };
    if (typeof code === 'string' && typeof detail === 'string')
      return new TablecastError(Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal', detail);
  } catch {
    // Told below.
  }
  return new TablecastError(
    status === 404 ? 'no_such_route' : 'internal',
    `${url.href} answers ${status}, not as a Tablecast gateway does; check the address.`,
  );
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(thrown: unknown): string {
  let error = thrown;
  while (error instanceof Error && error.cause instanceof Error) error = error.cause;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
