import { type Dashboard, parseDashboardText } from '../../protocol/dashboard/dashboard.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';

const PARAMETER = 'layout';

/** A whole dashboard as the fragment of an address: JSON, deflated (RFC 1951), base64url (RFC 4648, 5). */
export async function layoutFragment(dashboard: Dashboard): Promise<string> {
  const json = new Blob([JSON.stringify(dashboard)]).stream();
  const stream = json.pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `#${PARAMETER}=${text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/**
 * The dashboard that an address holds; null where it holds none.
 *
 * @throws TablecastError `bad_body`, `bad_dashboard`, `too_large`
 */
export async function layoutOfFragment(fragment: string): Promise<Dashboard | null> {
  const text = new URLSearchParams(fragment.slice(1)).get(PARAMETER);
  if (text === null) return null;
  return parseDashboardText(await inflated(text));
}

async function inflated(text: string): Promise<string> {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return new TextDecoder('utf-8', { fatal: true }).decode(await bounded(stream));
  } catch (cause) {
    if (cause instanceof TablecastError) throw cause;
    throw new TablecastError('bad_body', 'The address is not whole: its layout cannot be read.', { cause });
  }
}

/** A short text may unfold to a very long one. */
async function bounded(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    length += part.value.length;
    if (length <= LIMITS.maxDashboardBytes) continue;
    await reader.cancel();
    throw new TablecastError('too_large', `The layout has more than ${LIMITS.maxDashboardBytes} bytes.`);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
