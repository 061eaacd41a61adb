import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As it came: nothing is decoded. */
  readonly body: Buffer;
}

/** An HTTP exchange that decodes nothing and adds no headers, other than `fetch`. */
export async function rawRequest(
  url: URL,
  options: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<RawAnswer> {
  const answer = await openAnswer(url, options);
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  return { status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(parts) };
}

/** The same with the body left in the socket, for a reader that takes its time; destroy it where it is not read to its end. */
export async function openAnswer(
  url: URL,
  options: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<IncomingMessage> {
  const sent = request(url, { agent: false, ...options });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}
