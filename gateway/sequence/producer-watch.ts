import type { Heartbeat } from '../../protocol/heartbeat.ts';
import { LIMITS } from '../../protocol/limits.ts';

interface Producer {
  /** By the watch's own clock. */
  heardMs: number;
  /** Unix time, milliseconds. */
  heardAtMs: number;
  readonly tables: ReadonlySet<string>;
  readonly noSnapshot: ReadonlySet<string>;
}

export interface ProducerState {
  readonly isLive: boolean;
  /** When it was heard last, Unix time in milliseconds. */
  readonly heardAtMs: number;
}

/** Two heartbeats left out, and a little time for the next. */
export const SILENT_AFTER_MS = 2_500;
const FORGOTTEN_AFTER_MS = 3_600_000;
/** A clock that stood still for longer was this process's fault, and no producer's. */
const MAX_STEP_MS = 1_000;
const MAX_NAMES = 100_000;

/** Which producers send heartbeats, and which of them have fallen silent. */
export class ProducerWatch {
  readonly #nowMs: () => number;
  /** By run, the one that was heard last at the end. */
  readonly #producers = new Map<string, Producer>();
  #names = 0;
  #clockMs = 0;
  #lastMs: number;

  /** `nowMs`: a clock that only goes forward. */
  constructor(options: { readonly nowMs: () => number }) {
    this.#nowMs = options.nowMs;
    this.#lastMs = options.nowMs();
  }

  heard({ run, tables, no_snapshot }: Heartbeat, atMs: number): void {
    this.#forget(run);
    const names = new Set(Object.keys(tables));
    this.#names += names.size;
    const noSnapshot = new Set(no_snapshot);
    this.#producers.set(run, { heardMs: this.#clockMs, heardAtMs: atMs, tables: names, noSnapshot });
    while (
      this.#producers.size > LIMITS.maxProducers ||
      (this.#names > MAX_NAMES && this.#producers.size > 1)
    )
      this.#forget(this.#producers.keys().next().value!);
  }

  /** Something else came of it: while it has much to say its heartbeats may wait. */
  alive(run: string, atMs: number): void {
    const producer = this.#producers.get(run);
    if (producer === undefined) return;
    producer.heardMs = this.#clockMs;
    producer.heardAtMs = atMs;
  }

  /** Lets time pass; called several times a second. */
  tick(): void {
    const nowMs = this.#nowMs();
    this.#clockMs += Math.min(nowMs - this.#lastMs, MAX_STEP_MS);
    this.#lastMs = nowMs;
    const spokenFor = new Set<string>();
    for (const producer of this.#producers.values())
      if (this.#isLive(producer)) for (const table of producer.tables) spokenFor.add(table);
    for (const [run, producer] of this.#producers) {
      if (this.#isLive(producer)) continue;
      const isFollowed = [...producer.tables].every((table) => spokenFor.has(table));
      if (isFollowed || this.#clockMs - producer.heardMs > FORGOTTEN_AFTER_MS) this.#forget(run);
    }
  }

  /** null where it has never sent a heartbeat, or long ago, or another has taken its tables over. */
  stateOf(run: string): ProducerState | null {
    const producer = this.#producers.get(run);
    return producer === undefined ? null : { isLive: this.#isLive(producer), heardAtMs: producer.heardAtMs };
  }

  /** Whether it has said that it holds no whole state of the table. */
  hasNoSnapshot(run: string, table: string): boolean {
    return this.#producers.get(run)?.noSnapshot.has(table) ?? false;
  }

  counts(): { readonly live: number; readonly silent: number } {
    let live = 0;
    for (const producer of this.#producers.values()) live += Number(this.#isLive(producer));
    return { live, silent: this.#producers.size - live };
  }

  #isLive({ heardMs }: Producer): boolean {
    return this.#clockMs - heardMs <= SILENT_AFTER_MS;
  }

  #forget(run: string): void {
    this.#names -= this.#producers.get(run)?.tables.size ?? 0;
    this.#producers.delete(run);
  }
}
