import { waitFor } from '../support/wait-for.ts';
import { type Child, startChild } from './child.ts';

export interface BackMs {
  readonly all: readonly number[];
  /** Of those whose line broke meanwhile. */
  readonly cutOff: readonly number[];
}

interface Back {
  readonly back: number[];
  readonly cutOff: number[];
  /** How many others there are in each state. */
  readonly behind: Readonly<Record<string, number>>;
}

interface Looked {
  readonly hashes: readonly (string | null)[];
  readonly faults: readonly string[];
}

/** Machines that run tests are slow: far above what is promised. */
const BACK_MS = 60_000;

/** Many viewers that follow a table, each at any of several gateways. */
export class SharedLogViewers {
  readonly #child: Child;
  readonly #count: number;

  constructor({ urls, count, table }: { urls: readonly string[]; count: number; table: string }) {
    this.#count = count;
    this.#child = startChild('viewers', [urls.join(','), String(count), table]);
  }

  /** How long each viewer took from the strike's begin to a version that none had at its end, in ascending order, milliseconds. */
  async backAfter(strike: () => Promise<void>): Promise<BackMs> {
    const beganAtMs = performance.now();
    await strike();
    await this.#child.ask('mark', performance.now() - beganAtMs);
    const { back, cutOff } = await waitFor(
      async () => {
        const looked = await this.#child.ask<Back>('back');
        const { back, behind } = looked;
        if (back.length === this.#count) return looked;
        throw new Error(`${back.length} of ${this.#count} are, others ${JSON.stringify(behind)}`);
      },
      { what: 'every viewer to be live', timeoutMs: BACK_MS, intervalMs: 100 },
    );
    const [all, those] = [back, cutOff].map((tookMs) => tookMs.sort((a, b) => a - b));
    return { all: all!, cutOff: those! };
  }

  /** Resolves once all viewers have a table of this content. What went wrong meanwhile. */
  async become(contentHash: string): Promise<readonly string[]> {
    const { faults } = await waitFor(
      async () => {
        const looked = await this.#child.ask<Looked>('look');
        return looked.hashes.every((hash) => hash === contentHash) ? looked : null;
      },
      { what: "the viewers' tables to be the gateways'", timeoutMs: BACK_MS, intervalMs: 500 },
    );
    return faults;
  }

  close(): Promise<void> {
    return this.#child.close();
  }
}
