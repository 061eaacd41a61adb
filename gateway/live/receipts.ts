import type { DrawnTimes, RenderAsk } from '../log/log.ts';
import type { Session } from './session.ts';

/** How many viewers have drawn a version: the answer to `wait=rendered`. Viewers that do not draw are not counted. */
export interface RenderReceipt {
  readonly rendered: number;
  /** Still drawing when the time was up. */
  readonly pending: number;
  /** In hidden tabs, which draw nothing and are not waited for. */
  readonly hidden: number;
  /** Median and longest time from the commit to a viewer's word; null where none drew. */
  readonly p50_ms: number | null;
  readonly max_ms: number | null;
}

interface Wait {
  readonly version: number;
  readonly committedAtMs: number;
  /** Connected viewers that have not drawn it: those that are waited for, and those in hidden tabs. */
  readonly waiting: Set<Session>;
  readonly hidden: Set<Session>;
  readonly tookMs: number[];
  readonly finish: () => void;
}

/** Collects the viewers' `rendered` messages for those who wait for a version to be on screen. */
export class Receipts {
  readonly #waits = new Set<Wait>();
  readonly #now: () => number;

  constructor(options: { readonly now: () => number }) {
    this.#now = options.now;
  }

  /** Resolves once every visible viewer that draws has drawn the version, or after `timeoutMs`. */
  async drawn(
    sessions: Iterable<Session>,
    { version, committedAtMs, timeoutMs }: RenderAsk,
  ): Promise<DrawnTimes> {
    const tookMs: number[] = [];
    const waiting = new Set<Session>();
    const hidden = new Set<Session>();
    for (const session of sessions) {
      if (!session.renders) continue;
      if (session.renderedVersion >= version) tookMs.push(this.#now() - committedAtMs);
      else (session.visible ? waiting : hidden).add(session);
    }
    if (waiting.size > 0) await this.#until({ version, committedAtMs, waiting, hidden, tookMs }, timeoutMs);
    return { tookMs, pending: waiting.size, hidden: hidden.size };
  }

  #until(wait: Omit<Wait, 'finish'>, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waits.delete(entry);
        resolve();
      };
      const timer = setTimeout(finish, timeoutMs);
      const entry = { ...wait, finish };
      this.#waits.add(entry);
    });
  }

  rendered(session: Session): void {
    for (const wait of this.#waits) {
      if (session.renderedVersion < wait.version) continue;
      if (!wait.waiting.delete(session) && !wait.hidden.delete(session)) continue;
      wait.tookMs.push(this.#now() - wait.committedAtMs);
      if (wait.waiting.size === 0) wait.finish();
    }
  }

  visibilityChanged(session: Session): void {
    for (const wait of this.#waits) {
      const [from, to] = session.visible ? [wait.hidden, wait.waiting] : [wait.waiting, wait.hidden];
      if (from.delete(session)) to.add(session);
      if (wait.waiting.size === 0) wait.finish();
    }
  }

  left(session: Session): void {
    for (const wait of this.#waits) {
      wait.hidden.delete(session);
      if (wait.waiting.delete(session) && wait.waiting.size === 0) wait.finish();
    }
  }

  close(): void {
    for (const wait of this.#waits) wait.finish();
  }
}

/** Of the viewers of all gateways. */
export function receiptOf(drawn: readonly DrawnTimes[]): RenderReceipt {
  const sorted = drawn.flatMap(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const sum = (of: (times: DrawnTimes) => number) => drawn.reduce((total, times) => total + of(times), 0);
  const round = (value: number | undefined) =>
    value === undefined ? null : Math.max(0, Math.round(value * 1000) / 1000);
  return {
    rendered: sorted.length,
    pending: sum(({ pending }) => pending),
    hidden: sum(({ hidden }) => hidden),
    p50_ms: round(sorted[(sorted.length - 1) >> 1]),
    max_ms: round(sorted.at(-1)),
  };
}
