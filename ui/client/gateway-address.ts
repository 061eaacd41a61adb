import { TablecastError } from '../../protocol/errors.ts';

/** Where a gateway is when nothing else is said. */
export const DEFAULT_URL = 'http://127.0.0.1:8080/';

/**
 * A gateway's address as everything else is relative to: `http` or `https`, with a slash at its end. A page's own address, such as
 * `…/?table=prices`, is taken too.
 *
 * @throws TablecastError `bad_parameter`
 */
export function parseGatewayUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^(http|ws)s?:$/.test(url.protocol)) {
    url.protocol = url.protocol.replace('ws', 'http');
    url.search = '';
    url.hash = '';
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    return url;
  }
  throw new TablecastError(
    'bad_parameter',
    `${JSON.stringify(text)} is no gateway's address; write it like ${DEFAULT_URL}.`,
  );
}

/** The WebSocket's address. */
export function liveUrl(gateway: URL): string {
  const url = new URL('live', gateway);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}
