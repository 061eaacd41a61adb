import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { typeName } from '../../../protocol/arrow/data-type.ts';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import { arrowOf, type PlainRow, readArrow } from '../../support/arrow-messages.ts';

export interface Received {
  readonly op: string | null;
  readonly key: readonly string[];
  readonly commit: string | null;
  readonly rows: readonly PlainRow[];
  /** `name: type` of each column. */
  readonly columns: readonly string[];
  readonly atMs: number;
}

/** Answers as a gateway does, and keeps what was published to it. */
export interface FakeGateway {
  readonly url: URL;
  readonly received: Received[];
  /** Other requests, as `METHOD path`. */
  readonly asked: string[];
  /** What the table holds, for reads of its schema; null where there is none. */
  table: readonly PlainRow[] | null;
  epoch: string;
  /** Refuses publications as long as it gives a problem. */
  refusal: (received: Received) => { status: number; code: string; detail: string } | null;
  close(): Promise<void>;
}

export async function fakeGateway(): Promise<FakeGateway> {
  const server = createServer((request, response) => void answer(gateway, request, response));
  const gateway: FakeGateway = {
    get url() {
      return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    },
    received: [],
    asked: [],
    table: null,
    epoch: 'one',
    refusal: () => null,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return gateway;
}

async function answer(
  gateway: FakeGateway,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '', gateway.url);
  const json = (status: number, value: object) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
  if (request.method === 'POST') {
    const received = receivedOf(url, Buffer.concat(chunks));
    const problem = gateway.refusal(received);
    if (problem !== null) return json(problem.status, problem);
    gateway.received.push(received);
    const staged = received.commit === 'hold' ? { staged: gateway.received.length } : {};
    return json(200, { epoch: gateway.epoch, version: gateway.received.length, ...staged });
  }
  gateway.asked.push(`${request.method} ${url.pathname}`);
  if (request.method === 'DELETE') return json(200, {});
  if (url.pathname.endsWith('.arrow')) {
    if (gateway.table === null) return json(404, { code: 'no_such_table', detail: 'none' });
    response.end(arrowOf(gateway.table));
    return;
  }
  json(200, { rows: 0, changed: 0, staged: gateway.received.length });
}

function receivedOf(url: URL, body: Buffer): Received {
  const bytes = Uint8Array.from(body);
  return {
    op: url.searchParams.get('op'),
    key: url.searchParams.getAll('key'),
    commit: url.searchParams.get('commit'),
    rows: readArrow(bytes).rows,
    columns: readIpc(bytes).fields.map(({ name, type }) => `${name}: ${typeName(type)}`),
    atMs: performance.now(),
  };
}
