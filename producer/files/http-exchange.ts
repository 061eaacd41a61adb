import { type Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface HttpExchangeOptions {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  /** Not copied: it stays as it is until the answer is here. */
  readonly body?: Uint8Array;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** One request and its whole answer; redirects are not followed. Rejects with the socket's own error. */
export async function httpExchange(options: HttpExchangeOptions): Promise<HttpAnswer> {
  for (;;) {
    const { sent, answered } = send(options);
    try {
      return await answered;
    } catch (error) {
      // The peer closed a connection that was idle, as it may.
      const isStale = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
      if (!sent.reusedSocket || !isStale) throw error;
    }
  }
}

function send(options: HttpExchangeOptions): { sent: ClientRequest; answered: Promise<HttpAnswer> } {
  const { url, method, headers, body, agent, signal } = options;
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const length = body === undefined ? {} : { 'content-length': String(body.byteLength) };
  const sent = request(url, { method, agent, signal, headers: { ...headers, ...length } });
  const answered = new Promise<HttpAnswer>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers: received } = response;
        resolve({ status, headers: received, body: Buffer.concat(chunks) });
      });
    });
  });
  sent.end(body);
  return { sent, answered };
}
