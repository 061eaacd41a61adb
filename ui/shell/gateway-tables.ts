import type { Clock } from '../connection.ts';
import {
  type GatewayTableList,
  parseRejections,
  parseTableList,
  type RejectionList,
} from './gateway-table.ts';

export interface GatewayTablesOptions {
  /** Ends with a slash. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly isVisible: () => boolean;
  /** Called with each answer, the newest alone. */
  readonly onTables: (list: GatewayTableList) => void;
  /** Called where there are others than the last time. */
  readonly onRejections: (rejections: RejectionList) => void;
  /** Whether the gateway refuses this browser: its login has ended, or it never had one. */
  readonly onLoginNeeded: (isNeeded: boolean) => void;
}

/** So often where nothing happens. */
const POLL_MS = 2000;
/** Where a table came or went it is asked at once, but not more often than this … */
const LEAST_GAP_MS = 250;
/** … nor than this many times as long as an answer takes: a gateway that is busy is asked less often. */
const GAP_PER_ANSWER = 10;
/** A rejection that belongs to no table shows only here; asking seldom is enough. */
const REJECTIONS_MS = 10_000;
const UNAUTHORIZED = 401;

export interface GatewayTables {
  /** Asks now. */
  refresh(): void;
  /** A table came or went: asks as soon as it may. */
  noteNews(): void;
  close(): void;
}

/**
 * Asks `GET tables` while the page is visible: when a table came or went, and every two seconds. Failures are silent: the line's state
 * tells them.
 */
export function pollGatewayTables(options: GatewayTablesOptions): GatewayTables {
  const { clock } = options;
  const abort = new AbortController();
  let cancel = (): void => {};
  let lastErrorAtMs = -1;
  let rejectionsAtMs = Number.NEGATIVE_INFINITY;
  let toldRejections = '';
  /** Counts what was asked; of answers that overtake each other the newest question's counts. */
  let asks = 0;
  let isAsking = false;
  let hasNews = false;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let gapMs = LEAST_GAP_MS;

  async function get(path: string): Promise<unknown> {
    const response = await options.fetch(options.baseUrl + path, { signal: abort.signal });
    options.onLoginNeeded(response.status === UNAUTHORIZED);
    return response.ok ? await response.json() : null;
  }

  async function ask(number: number): Promise<void> {
    const list = parseTableList(await get('tables'));
    if (list === null || number !== asks) return;
    options.onTables(list);
    const latest = Math.max(0, ...Array.from(list.tables.values(), (table) => table.lastError?.atMs ?? 0));
    if (latest === lastErrorAtMs && clock.nowMs() - rejectionsAtMs < REJECTIONS_MS) return;
    lastErrorAtMs = latest;
    rejectionsAtMs = clock.nowMs();
    const rejections = parseRejections(await get('rejections'));
    if (rejections === null) return;
    // A gateway that began anew may have as many, of another time.
    const newest = `${rejections.count} ${rejections.newest[0]?.atMs}`;
    if (newest !== toldRejections) options.onRejections(rejections);
    toldRejections = newest;
  }

  function arm(delayMs: number): void {
    cancel();
    if (!abort.signal.aborted) cancel = clock.after(delayMs, refresh);
  }

  function refresh(): void {
    hasNews = false;
    if (!options.isVisible()) {
      arm(POLL_MS);
      return;
    }
    cancel();
    if (abort.signal.aborted) return;
    const number = ++asks;
    isAsking = true;
    askedAtMs = clock.nowMs();
    void ask(number)
      .catch(() => {})
      .then(() => answered(number));
  }

  function answered(number: number): void {
    if (number !== asks) return;
    isAsking = false;
    const tookMs = clock.nowMs() - askedAtMs;
    gapMs = Math.min(POLL_MS, Math.max(LEAST_GAP_MS, GAP_PER_ANSWER * tookMs));
    arm(hasNews ? dueInMs() : POLL_MS);
  }

  function dueInMs(): number {
    return Math.max(0, askedAtMs + gapMs - clock.nowMs());
  }

  refresh();
  return {
    refresh,
    noteNews() {
      if (hasNews || !options.isVisible()) return;
      hasNews = true;
      if (!isAsking) arm(dueInMs());
    },
    close() {
      cancel();
      abort.abort();
    },
  };
}
