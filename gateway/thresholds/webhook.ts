import { LIMITS } from '../../protocol/limits.ts';
import type { ThresholdEvent } from './threshold-monitor.ts';
import { webhookBody } from './webhook-body.ts';

export interface WebhookOptions {
  /** From the gateway's own settings alone. */
  readonly url: URL;
  readonly fetch: typeof fetch;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly onFailed: (reason: string) => void;
  readonly timeoutMs?: number;
  readonly firstDelayMs?: number;
  readonly maxCalls?: number;
}

const TIMEOUT_MS = 10_000;
const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 60_000;
const MAX_ATTEMPTS = 6;

/** What came of the calls so far. */
export interface WebhookCounts {
  delivered: number;
  /** Given up: refused, or not answered in all attempts. */
  failed: number;
  /** Never made, because too many waited. */
  dropped: number;
}

/**
 * Tells a program of thresholds that begin and cease to hold: one POST of JSON after the other, in their order. One that
 * is not answered within its time, or with 408, 429 or a status from 500 on, is made again after a growing pause; after
 * six attempts, or any other status but 2xx, it is given up. Redirects are not followed. Of the calls that wait, at most
 * `maxCalls`, the oldest are dropped.
 */
export class Webhook {
  readonly counts: WebhookCounts = { delivered: 0, failed: 0, dropped: 0 };
  readonly #options: WebhookOptions;
  readonly #abort = new AbortController();
  #waiting: ThresholdEvent[] = [];
  #running: Promise<void> | null = null;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  tell(event: ThresholdEvent): void {
    if (this.#abort.signal.aborted) return;
    this.#waiting.push(event);
    const { maxCalls = LIMITS.maxWebhookCalls } = this.#options;
    if (this.#waiting.length > maxCalls) {
      this.#waiting.shift();
      if (this.counts.dropped++ === 0)
        this.#options.onFailed(`More than ${maxCalls} calls wait; the oldest are dropped.`);
    }
    this.#running ??= this.#run();
  }

  /** Ends the call that is being made; those that wait are not made. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#waiting = [];
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift())
      await this.#deliver(webhookBody(event));
    this.#running = null;
  }

  async #deliver(body: string): Promise<void> {
    const { firstDelayMs = FIRST_DELAY_MS, random, onFailed } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#call(body);
      if (this.#abort.signal.aborted) return;
      if (outcome === 'taken') {
        this.counts.delivered++;
        return;
      }
      if (outcome.isFinal || attempt === MAX_ATTEMPTS) {
        this.counts.failed++;
        onFailed(`${outcome.reason}; given up after ${attempt} attempts.`);
        return;
      }
      const delayMs = Math.min(MAX_DELAY_MS, firstDelayMs * 2 ** (attempt - 1));
      await this.#pause(delayMs * (0.5 + random() / 2));
    }
  }

  async #call(body: string): Promise<'taken' | { readonly reason: string; readonly isFinal: boolean }> {
    const { url, fetch, timeoutMs = TIMEOUT_MS } = this.#options;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'tablecast' },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(timeoutMs)]),
      });
      // What it says is of no interest, however long it is.
      await response.body?.cancel();
      if (response.ok) return 'taken';
      const { status } = response;
      const isFinal = status < 500 && status !== 408 && status !== 429;
      return { reason: `It answered ${status}`, isFinal };
    } catch (error) {
      return { reason: reasonOf(error, timeoutMs), isFinal: false };
    }
  }

  #pause(delayMs: number): Promise<void> {
    const { signal } = this.#abort;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, delayMs);
      signal.addEventListener('abort', end);
    });
  }
}

/** Without the address, which may hold a secret. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `It did not answer in ${timeoutMs} ms`;
  const cause = error instanceof Error ? error.cause : null;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection';
  return `It could not be reached (${code})`;
}
