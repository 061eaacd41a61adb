import {
  type Authenticator,
  connect,
  credsAuthenticator,
  type NatsConnection,
  type TlsOptions,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node';
import { TablecastError } from '../../../protocol/errors.ts';
import { readFile } from '../../config/read-file.ts';
import type { LogServers } from '../log-servers.ts';

/** A dead connection is noticed after two of these without an answer. */
const PING_MS = 5000;
const RECONNECT_MS = 250;
/** So long the first connection may take, the servers coming up meanwhile. */
const FIRST_CONNECT_MS = 15_000;
const REQUEST_MS = 5000;

/** A connection to the servers that comes back by itself. */
export interface NatsLink {
  readonly connection: NatsConnection;
  /** Resolves once it is back, or closed; null where it is there. */
  away(): Promise<void> | null;
  /** Called each time that it is back. */
  onReturn(listener: () => void): void;
  close(): Promise<void>;
}

/** @throws TablecastError `log_unavailable`, `bad_parameter` where a file cannot be read */
export async function openNatsLink(
  servers: LogServers,
  { firstConnectMs = FIRST_CONNECT_MS }: { readonly firstConnectMs?: number } = {},
): Promise<NatsLink> {
  const connection = await connectFirst(servers, firstConnectMs);
  const listeners: (() => void)[] = [];
  let gone: { readonly promise: Promise<void>; readonly back: () => void } | null = null;
  const back = () => {
    gone?.back();
    gone = null;
  };
  const watch = async () => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') gone ??= resolvable();
      if (type !== 'reconnect') continue;
      back();
      for (const listener of listeners) listener();
    }
  };
  void watch();
  void connection.closed().then(back);
  return {
    connection,
    away: () => gone?.promise ?? null,
    onReturn: (listener) => void listeners.push(listener),
    close: () => connection.close(),
  };
}

function resolvable(): { readonly promise: Promise<void>; readonly back: () => void } {
  let back = () => {};
  const promise = new Promise<void>((resolve) => {
    back = resolve;
  });
  return { promise, back };
}

async function connectFirst(servers: LogServers, firstConnectMs: number): Promise<NatsConnection> {
  const options = {
    servers: [...servers.addresses],
    name: 'tablecast gateway',
    reconnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_MS,
    pingInterval: PING_MS,
    timeout: REQUEST_MS,
    // For each message that is sent two stacks would be written down.
    noAsyncTraces: true,
    // Credentials may be mended while the gateway runs.
    ignoreAuthErrorAbort: true,
    authenticator: authenticatorsOf(servers),
    ...tlsOf(servers),
  };
  const deadlineMs = performance.now() + firstConnectMs;
  for (;;) {
    try {
      return await connect(options);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const isRefused = /auth/i.test(cause instanceof Error ? cause.name : '');
      if (!isRefused && performance.now() < deadlineMs) {
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
        continue;
      }
      throw new TablecastError(
        'log_unavailable',
        `No server of --log ${servers.addresses.join(',')} can be used (${reason}).`,
        { cause },
      );
    }
  }
}

function authenticatorsOf({ user, credentialsFile }: LogServers): Authenticator[] {
  const found: Authenticator[] = [];
  if (user !== null) found.push(usernamePasswordAuthenticator(user.name, user.password));
  if (credentialsFile !== null) found.push(credsAuthenticator(readFile('--log-creds', credentialsFile)));
  return found;
}

function tlsOf({ usesTls, tlsCa, tlsCert, tlsKey }: LogServers): { tls?: TlsOptions } {
  if (!usesTls) return {};
  const text = (flag: string, file: string) => readFile(flag, file).toString('utf8');
  return {
    tls: {
      ...(tlsCa === null ? {} : { ca: text('--log-tls-ca', tlsCa) }),
      ...(tlsCert === null ? {} : { cert: text('--log-tls-cert', tlsCert) }),
      ...(tlsKey === null ? {} : { key: text('--log-tls-key', tlsKey) }),
    },
  };
}
