import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A site of somebody else, on a port of its own. */
export interface ForeignSite {
  /** Without a slash at its end. */
  readonly origin: string;
  /** Serves this page from now on, with this content security policy. */
  show(html: string, policy?: string): void;
  close(): Promise<void>;
}

export async function openForeignSite(): Promise<ForeignSite> {
  let page = '';
  let policy: string | undefined;
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    if (policy !== undefined) response.setHeader('content-security-policy', policy);
    response.end(page);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show(html, only) {
      page = html;
      policy = only;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
