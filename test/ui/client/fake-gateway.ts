import type { ChangeHeader } from '../../../protocol/server-message.ts';
import { Client } from '../../../ui/client/client.ts';
import type { SocketClose, SocketLike } from '../../../ui/connection.ts';
import { arrowOf, int32, type PlainRow } from '../../support/arrow-messages.ts';
import { createFakeClock } from '../fake-clock.ts';

type Listener = (event: { readonly data: unknown } & SocketClose) => void;

/** One line as a gateway sees it. */
export class FakeLine implements SocketLike {
  binaryType = 'blob';
  /** What the client said. */
  readonly said: unknown[] = [];
  isClosed = false;
  readonly #listeners: { readonly type: string; readonly listener: Listener }[] = [];

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push({ type, listener });
  }

  send(text: string): void {
    this.said.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
  }

  hello(epoch: string, version: number): void {
    this.#emit('message', JSON.stringify({ type: 'hello', epoch, version }));
  }

  heartbeat(version: number): void {
    this.#emit('message', JSON.stringify({ type: 'heartbeat', version }));
  }

  commit(epoch: string, version: number, changes: readonly FakeChange[] = []): void {
    const headers = changes.map(({ content, ...header }) => ({
      snapshot: false,
      rows: content?.length ?? 0,
      ...header,
    }));
    this.#emit('message', JSON.stringify({ type: 'commit', epoch, version, changes: headers }));
    for (const { content } of changes) if (content !== undefined) this.#emit('message', arrowBytes(content));
  }

  /** The gateway is gone. */
  drop(): void {
    this.#emit('close', null);
  }

  #emit(type: string, data: unknown): void {
    for (const one of [...this.#listeners])
      if (one.type === type) one.listener({ data, code: 1006, reason: '' });
  }
}

export interface FakeChange {
  readonly table: string;
  readonly op: ChangeHeader['op'];
  readonly snapshot?: boolean;
  readonly key?: readonly string[];
  readonly drop_first?: number;
  /** How many it says there are, where that is not so. */
  readonly rows?: number;
  /** Its rows; none for a drop. */
  readonly content?: readonly PlainRow[];
}

function arrowBytes(rows: readonly PlainRow[]): ArrayBuffer {
  return new Uint8Array(arrowOf(rows, { types: { k: int32(), v: int32() } })).buffer;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body: object | string;
}

/** A client whose lines the test holds. `answer` is what plain HTTP requests get; without it nobody answers. */
export function connectToFake(
  options: { answer?: (path: string) => FakeAnswer; token?: string; urls?: readonly string[] } = {},
) {
  const clock = createFakeClock();
  const lines: FakeLine[] = [];
  const connected: string[] = [];
  const errors: unknown[] = [];
  const requests: { readonly url: string; readonly headers: Record<string, string> }[] = [];
  const client = new Client({
    urls: options.urls ?? ['http://gateway/base'],
    token: options.token ?? null,
    environment: {
      createSocket: (url) => {
        connected.push(url);
        const line = new FakeLine();
        lines.push(line);
        return line;
      },
      fetch: async (url, { headers }) => {
        requests.push({ url, headers });
        if (options.answer === undefined) throw new TypeError('fetch failed');
        const { status, body } = options.answer(new URL(url).pathname);
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        return { ok: status < 400, status, text: async () => text };
      },
      clock,
      random: () => 0,
      nowMs: () => 0,
      onError: (error) => errors.push(error),
    },
  });
  const line = (): FakeLine => lines.at(-1)!;
  return { client, clock, lines, line, errors, requests, connected };
}
