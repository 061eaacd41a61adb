import type { Since } from '../../protocol/client-message.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { parseTableName } from '../../protocol/table-name.ts';
import { type Clock, Connection, type ConnectionState, type SocketLike } from '../connection.ts';
import type { ClientDrawing } from './client-drawing.ts';
import { FollowedTables } from './followed-tables.ts';
import { liveUrl, parseGatewayUrl } from './gateway-address.ts';
import {
  type Fetch,
  GatewayHttp,
  type TableInfo,
  type UpdateAnswer,
  type UpdateRequest,
} from './gateway-http.ts';
import type { Subscription } from './subscription.ts';
import type { TableChange } from './table-cursor.ts';
import { ALL_TABLES } from './wanted-tables.ts';

/** `refused`: the gateway does not take this client, and it does not try again. */
export type ClientState = ConnectionState | 'refused' | 'closed';

/** What a client needs of the world; browsers and Node differ in it. */
export interface ClientEnvironment {
  readonly createSocket: (url: string, subprotocol: string, token: string | null) => SocketLike;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** 0 up to 1. */
  readonly random: () => number;
  /** Unix time. */
  readonly nowMs: () => number;
  /** A listener threw, or what came could not be taken and is asked for anew. */
  readonly onError: (error: unknown) => void;
}

export interface ClientOptions {
  /** Of gateways on one log: where the line to one ends, the next is tried. One at least. */
  readonly urls: readonly string[];
  readonly token: string | null;
  readonly environment: ClientEnvironment;
  /** Where the client draws what it follows; absent for one that only reads. */
  readonly drawing?: ClientDrawing;
}

/**
 * A gateway's tables, followed over one WebSocket: all subscriptions are always at one and the same version. It mends its
 * line by itself and resumes where it stands. Only a refusal (a token that is wrong, an address that is no gateway's)
 * ends it, and with that error the loops over its subscriptions.
 */
export class Client {
  readonly #environment: ClientEnvironment;
  readonly #drawing: ClientDrawing | null;
  /** The one of the line stands first. */
  #gateways: GatewayHttp[];
  readonly #followed: FollowedTables;
  readonly #stateListeners = new Set<(state: ClientState) => void>();
  readonly #connection: Connection;
  #ended: { readonly state: 'refused' | 'closed'; readonly error: TablecastError | null } | null = null;
  #hasTried = false;
  #wasLive = false;
  #isAskingWhy = false;

  /** @throws TablecastError `bad_parameter` where the address is none */
  constructor({ urls, token, environment, drawing }: ClientOptions) {
    this.#environment = environment;
    this.#drawing = drawing ?? null;
    if (urls.length === 0) throw new TablecastError('bad_parameter', 'connect() names no gateway.');
    this.#gateways = urls.map(
      (url) => new GatewayHttp({ url: parseGatewayUrl(url), token, fetch: environment.fetch }),
    );
    this.#followed = new FollowedTables({
      send: (message) => this.#connection.send(message),
      restart: () => {
        if (this.#connection.state === 'live') this.#connection.restart();
      },
      nowMs: environment.nowMs,
      onError: environment.onError,
      ...(drawing === undefined ? {} : { drawing }),
    });
    drawing?.begin({
      tables: this.#followed.tables,
      send: (message) => this.#connection.send(message),
      retryNow: () => this.#connection.retryNow(),
    });
    this.#connection = this.#connect(token);
  }

  get #http(): GatewayHttp {
    return this.#gateways[0]!;
  }

  /** The gateway's address, with a slash at its end. */
  get url(): string {
    return this.#http.url.href;
  }

  get state(): ClientState {
    return this.#ended?.state ?? this.#connection.state;
  }

  /** The version that all tables are at; null before the first. */
  get position(): Since | null {
    return this.#followed.position;
  }

  /** Tells each new state; the function that it answers ends that. */
  onState(listener: (state: ClientState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /**
   * Follows tables, `*` for all of them. Those that do not exist yet come when they do.
   *
   * @throws TablecastError `bad_name`, `bad_parameter`
   */
  subscribe(...names: string[]): Subscription {
    if (names.length === 0) throw new TablecastError('bad_parameter', 'subscribe() names no table.');
    for (const name of names) if (name !== ALL_TABLES) parseTableName(name);
    const subscription = this.#followed.follow([...new Set(names)]);
    if (this.#ended?.error) subscription.fail(this.#ended.error);
    else if (this.#ended !== null) subscription.close();
    return subscription;
  }

  /**
   * One table's changes, beginning with a snapshot: applied one after the other they make a copy that is exact at each
   * version. Who takes longer than the next commit gets several as one. It begins with the first call of `next`.
   */
  async *changes(name: string): AsyncGenerator<TableChange, void, undefined> {
    const { cursor, remove } = this.#followed.addCursor(name);
    try {
      for await (const { epoch, version } of this.subscribe(name)) {
        const change = cursor.take(this.#followed.tables.get(name), { epoch, version });
        if (change !== null) yield change;
      }
    } finally {
      remove();
    }
  }

  /** Makes everything staged visible as one new version. @throws TablecastError, GatewayUnreachable */
  updateData(request: UpdateRequest = {}): Promise<UpdateAnswer> {
    return this.#http.updateData(request);
  }

  /** All tables that the gateway has, whether they are followed or not. @throws TablecastError, GatewayUnreachable */
  async tables(): Promise<TableInfo[]> {
    return (await this.#http.tables()).tables;
  }

  /** Ends the line and all loops over subscriptions; idempotent. */
  close(): void {
    this.#end('closed', null);
  }

  #connect(token: string | null): Connection {
    const { clock, random } = this.#environment;
    const followed = this.#followed;
    return new Connection({
      url: liveUrl(this.#http.url),
      createSocket: (_url, subprotocol) => this.#createSocket(subprotocol, token),
      clock,
      random,
      get tables() {
        return followed.greeting();
      },
      renders: this.#drawing !== null,
      isVisible: () => this.#drawing?.isVisible() ?? true,
      resumeAt: (epoch) => {
        this.#drawing?.lineBegins();
        return followed.resumeAt(epoch);
      },
      onMessage: (message) => followed.message(message),
      onBinary: (bytes) => followed.binary(bytes),
      onState: (state) => {
        if (state === 'live') {
          this.#wasLive = true;
          followed.lineIsUp();
        }
        this.#tell(state);
      },
    });
  }

  #createSocket(subprotocol: string, token: string | null): SocketLike {
    if (this.#hasTried) this.#gateways = [...this.#gateways.slice(1), this.#http];
    this.#hasTried = true;
    const http = this.#http;
    const socket = this.#environment.createSocket(liveUrl(http.url), subprotocol, token);
    let hasSpoken = false;
    socket.addEventListener('message', () => {
      hasSpoken = true;
    });
    socket.addEventListener('close', () => {
      if (!hasSpoken) void this.#askWhy(http);
    });
    return socket;
  }

  /** A WebSocket that was not opened does not say why; the same route does over HTTP. */
  async #askWhy(http: GatewayHttp): Promise<void> {
    if (this.#isAskingWhy || this.#ended !== null) return;
    this.#isAskingWhy = true;
    const error = await http.refusalOfLine();
    this.#isAskingWhy = false;
    // A gateway that was there is perhaps only hidden by a proxy that cannot reach it.
    if (error === null || (this.#wasLive && error.code === 'no_such_route')) return;
    this.#end('refused', error);
  }

  #end(state: 'refused' | 'closed', error: TablecastError | null): void {
    if (this.#ended !== null) return;
    this.#ended = { state, error };
    this.#connection.close();
    this.#followed.end(error);
    this.#tell(state);
  }

  #tell(state: ClientState): void {
    for (const listener of [...this.#stateListeners]) {
      try {
        listener(state);
      } catch (error) {
        this.#environment.onError(error);
      }
    }
  }
}
