import type { Clock, ConnectionOptions } from './connection.ts';

export function createWindowClock(window: Window): Clock {
  return {
    nowMs: () => window.performance.now(),
    after(delayMs, callback) {
      const handle = window.setTimeout(callback, delayMs);
      return () => window.clearTimeout(handle);
    },
  };
}

/** The WebSocket's address beside the page's. */
export function liveUrl(baseUrl: string): string {
  const url = new URL('live', baseUrl);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

/** Null where the browser forbids storage: even asking for it throws there. */
export function storageOf(window: Window): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** What a line to the gateway takes of a page. */
export function lineEnvironment(
  window: Window & typeof globalThis,
): Pick<ConnectionOptions, 'createSocket' | 'clock' | 'random'> {
  return {
    createSocket: (url, subprotocol) => new window.WebSocket(url, subprotocol),
    clock: createWindowClock(window),
    random: () => Math.random(),
  };
}
