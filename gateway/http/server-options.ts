import type { Server, ServerOptions } from 'node:http';
import { createSecureContext } from 'node:tls';
import type { FastifyHttpOptions } from 'fastify';
import { TablecastError } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { readFile } from '../config/read-file.ts';
import type { GatewayConfig } from '../config.ts';
import { withoutBasePath } from './base-path.ts';

/** How long a connection may take for what it sends; lines that stay open, and answers, are not meant. */
export interface ServerTimeouts {
  /** From the connection's begin, or a request's, until all its headers are here. */
  readonly headersMs: number;
  /** Until its body is here: the largest one by default comes at 1 MB/s. */
  readonly requestMs: number;
  readonly keepAliveMs: number;
  /** How often connections are looked at. */
  readonly checkMs: number;
}

export const SERVER_TIMEOUTS: ServerTimeouts = {
  headersMs: 20_000,
  requestMs: 300_000,
  keepAliveMs: 72_000,
  checkMs: 5_000,
};

/**
 * The part of Fastify's options that is about the connection: TLS, timeouts, proxies, the base path.
 *
 * @throws TablecastError `bad_parameter` where certificate or key cannot be used
 */
export function serverOptions(config: GatewayConfig, timeouts: ServerTimeouts): FastifyHttpOptions<Server> {
  const { basePath } = config;
  const tls = readTls(config);
  const isBehindWorkers = config.workers > 1;
  const server: ServerOptions = {
    headersTimeout: timeouts.headersMs,
    connectionsCheckingInterval: timeouts.checkMs,
    maxHeaderSize: LIMITS.maxHttpHeaderBytes,
    // Node alone would refuse without a word; the routes' own check says what is wrong.
    requireHostHeader: false,
  };
  return {
    trustProxy: isBehindWorkers
      ? trustWorkers
      : config.trustProxy.length === 0
        ? false
        : [...config.trustProxy],
    ...(basePath === '' ? {} : { rewriteUrl: ({ url = '/' }) => withoutBasePath(url, basePath) }),
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    ...(tls === null || isBehindWorkers
      ? { http: server }
      : { https: { ...server, ...tls, minVersion: 'TLSv1.2' } }),
    // To Fastify's types HTTPS is another kind of server; to routes it is not.
  } as FastifyHttpOptions<Server>;
}

/** They say who asks, having heeded `--trust-proxy` themselves; nobody else reaches the socket that they use. */
function trustWorkers(_address: string | undefined, hop: number): boolean {
  return hop === 0;
}

interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
}

function readTls({ tlsCert, tlsKey }: GatewayConfig): Tls | null {
  if (tlsCert === null || tlsKey === null) return null;
  const tls = { cert: readFile('--tls-cert', tlsCert), key: readFile('--tls-key', tlsKey) };
  try {
    createSecureContext(tls);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TablecastError(
      'bad_parameter',
      `--tls-cert ${tlsCert} and --tls-key ${tlsKey} are no PEM certificate and its key (${why}).`,
      { cause },
    );
  }
  return tls;
}
