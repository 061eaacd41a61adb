/** The media type's only encoding is UTF-8 (WHATWG HTML, 9.2.2). */
export const EVENT_STREAM_TYPE = 'text/event-stream; charset=utf-8';

/** A comment: it says that the line is alive, and keeps proxies from closing it. */
export const HEARTBEAT = Buffer.from(':\n\n');

/** How long a client waits before it connects again. */
export const RETRY_MS = 1000;

/** Tells a client after how many milliseconds it is to connect again, once its line is gone. */
export function retryMessage(retryMs: number): Buffer {
  return Buffer.from(`retry: ${retryMs}\n\n`);
}

/** One message of an event stream (WHATWG HTML, 9.2.5). JSON text holds no line break, so it is one `data` line. */
export function eventMessage(event: string, data: object, id?: string): Buffer {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`event: ${event}\n${idLine}data: ${JSON.stringify(data)}\n\n`);
}
