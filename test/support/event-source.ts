import { type IncomingHttpHeaders, request } from 'node:http';
import { waitFor } from './wait-for.ts';

export interface EventMessage {
  readonly event: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventSourceClient {
  readonly headers: IncomingHttpHeaders;
  /** Everything that came, in order. */
  readonly messages: readonly EventMessage[];
  /** The last `id` that came, as a browser keeps it. */
  lastEventId(): string;
  /** The body so far. */
  text(): string;
  /** The next message of this type that this method has not handed out. */
  next(event: string): Promise<EventMessage>;
  /** Stops and goes on reading from the connection. */
  pause(): void;
  resume(): void;
  /** Resolves once the answer is over: whether it ended in good order, or was cut. */
  readonly ended: Promise<'ended' | 'cut'>;
  close(): void;
}

/** A client of `/events` as an outsider would write it, after the WHATWG's parsing rules (HTML, 9.2.6). */
export function openEvents(
  url: string,
  query = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<EventSourceClient> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(`events${query}`, url), { headers, agent: false });
    asked.on('error', reject);
    asked.on('response', (response) => {
      if (response.statusCode !== 200) return reject(new Error(`/events answers ${response.statusCode}`));
      asked.on('error', () => undefined);
      response.on('error', () => undefined);
      const messages: EventMessage[] = [];
      let text = '';
      let rest = '';
      let lastEventId = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop()!;
        for (const block of blocks) {
          const fields = fieldsOf(block);
          lastEventId = fields.get('id') ?? lastEventId;
          const data = fields.get('data');
          if (data !== undefined)
            messages.push({
              event: fields.get('event') ?? 'message',
              id: lastEventId,
              data: JSON.parse(data) as EventMessage['data'],
            });
        }
      });
      const ended = new Promise<'ended' | 'cut'>((over) => {
        response.on('end', () => over('ended')).on('close', () => over('cut'));
      });
      const handedOut = new Map<string, number>();
      resolve({
        headers: response.headers,
        messages,
        lastEventId: () => lastEventId,
        text: () => text,
        next: async (event) => {
          const nth = handedOut.get(event) ?? 0;
          handedOut.set(event, nth + 1);
          const find = () => messages.filter((message) => message.event === event)[nth];
          return waitFor(find, { what: `message ${nth + 1} of type ${event}`, intervalMs: 2 });
        },
        pause: () => response.pause(),
        resume: () => response.resume(),
        ended,
        close: () => response.destroy(),
      });
    });
    asked.end();
  });
}

function fieldsOf(block: string): Map<string, string> {
  const lines = block.split('\n').filter((line) => !line.startsWith(':'));
  return new Map(lines.map((line) => /^([^:]*): ?(.*)$/.exec(line)!.slice(1, 3) as [string, string]));
}
