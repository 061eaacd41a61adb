import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ExchangeOptions {
  readonly method: string;
  /** Sent as it is, without a browser's tidying. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** One request and its answer. A stream that does not end is read to its first bytes; an upgrade is ended at once. */
export function exchange(url: string, options: ExchangeOptions): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const { method, path, headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent: false });
    sent.once('error', reject);
    sent.once('upgrade', (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode!, headers: answer.headers, body: '' });
    });
    sent.once('response', (answer) => {
      let text = '';
      const finish = () => resolve({ status: answer.statusCode!, headers: answer.headers, body: text });
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (answer.headers['content-type']?.startsWith('text/event-stream')) answer.destroy();
      });
      answer.once('close', finish);
    });
    sent.end(body);
  });
}

/** The answer to bytes that need not be HTTP, up to the end of the connection, which is asked for. */
export function exchangeBytes(url: string, bytes: string): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    socket.once('error', reject);
    socket.once('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n');
      const [statusLine = '', ...lines] = head.split('\r\n');
      const headers = Object.fromEntries(
        lines.map((line) => [
          line.slice(0, line.indexOf(':')).toLowerCase(),
          line.slice(line.indexOf(':') + 2),
        ]),
      );
      resolve({ status: Number(statusLine.split(' ')[1]), headers, body });
    });
    socket.write(bytes);
  });
}
