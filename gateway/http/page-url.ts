import type { GatewayConfig } from '../config.ts';

/** Addresses that listen on all of a machine's, and what a browser on it opens. */
const OPENED_AS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Where a browser on this machine finds the page; it ends with a slash. */
export function pageUrl(
  { host, tlsCert, basePath }: Pick<GatewayConfig, 'host' | 'tlsCert' | 'basePath'>,
  port: number,
): string {
  const name = OPENED_AS[host] ?? host;
  const authority = name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`;
  return `${tlsCert === null ? 'http' : 'https'}://${authority}${basePath}/`;
}
