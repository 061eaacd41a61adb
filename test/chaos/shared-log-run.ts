import { setTimeout as delay } from 'node:timers/promises';
import { arrowOf } from '../support/arrow-messages.ts';
import { readJson, readTable } from '../support/gateway-http.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import { waitFor } from '../support/wait-for.ts';
import { nextSharedFault } from './shared-log-faults.ts';
import { SharedLogPlace } from './shared-log-place.ts';
import { SharedLogViewers } from './shared-log-viewers.ts';

export interface SharedLogRunOptions {
  readonly servers: number;
  readonly gateways: number;
  readonly writers: number;
  readonly viewers: number;
  readonly random: SeededRandom;
  readonly log: (line: string) => void;
}

const READY_MS = 90_000;
const TABLE = 'appended';
/** Each writer's pause, for each viewer: all of them are one process, which has to keep up. */
const WRITE_PAUSE_MS = 2;
/** A line that held so long was a good one to a client, and is tried again soon. */
const CALM_MS = 5500;

/** Gateways on a cluster of NATS servers, writers that go to any gateway, viewers, and faults of every process and line. */
export class SharedLogRun {
  readonly faults: string[];
  /** How long each viewer whose gateway ended took, and every viewer after the end of the server that led, milliseconds. */
  readonly backMs = { gateway: [] as number[], leader: [] as number[] };
  readonly #options: SharedLogRunOptions;
  readonly #place: SharedLogPlace;
  readonly #viewers: SharedLogViewers;
  readonly #acknowledged = new Set<number>();
  /** What was published without an answer: it is there once, or not at all. */
  readonly #unknown = new Set<number>();
  readonly #epochs = new Set<string>();
  #lastId = 0;

  static async start(options: SharedLogRunOptions): Promise<SharedLogRun> {
    const { servers, gateways, random } = options;
    const faults: string[] = [];
    const onFault = (fault: string): void => {
      faults.push(fault);
      options.log(fault);
    };
    const place = await SharedLogPlace.start({ servers, gateways, random: () => random.next(), onFault });
    return new SharedLogRun(options, place, faults);
  }

  private constructor(options: SharedLogRunOptions, place: SharedLogPlace, faults: string[]) {
    this.faults = faults;
    this.#options = options;
    this.#place = place;
    const urls = place.gateways.map(({ line }) => `http://127.0.0.1:${line.port}/`);
    this.#viewers = new SharedLogViewers({ urls, count: options.viewers, table: TABLE });
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  /** One fault after the other for so long, once something was written. */
  strike(durationMs: number): Promise<void> {
    const before = this.acknowledged;
    return this.#whileWriting(async () => {
      await waitFor(() => this.acknowledged > before, {
        what: 'a row to be acknowledged',
        timeoutMs: READY_MS,
      });
      const endMs = performance.now() + durationMs;
      while (performance.now() < endMs) {
        const { name, strike } = nextSharedFault(this.#options.random);
        this.#options.log(name);
        await strike(this.#place, this.#options.random);
      }
    });
  }

  /** Ends a gateway, and the server that leads the log, and looks how long viewers take. */
  measure(): Promise<void> {
    return this.#whileWriting(async () => {
      const { random } = this.#options;
      await this.#calm();
      const gateway = random.pick(this.#place.gateways);
      const { cutOff } = await this.#viewers.backAfter(() => this.#place.killGateway(gateway));
      this.backMs.gateway.push(...cutOff);
      this.#tell('viewers whose gateway ended', cutOff);
      await this.#place.startGateways();
      await this.#calm();
      const leader = await this.#place.leader();
      const server = this.#place.cluster.servers[leader]!;
      const beganAtMs = performance.now();
      const stopped = server.stop('SIGKILL');
      const [{ all }, leaderlessMs] = await Promise.all([
        this.#viewers.backAfter(() => stopped),
        stopped.then(() => this.#place.nextLeader(leader)).then(() => performance.now() - beganAtMs),
      ]);
      this.backMs.leader.push(...all);
      this.#tell('viewers after the end of the server that led', all);
      this.#options.log(`the servers agreed on another after ${leaderlessMs.toFixed(0)} ms`);
      await server.start();
    });
  }

  async #calm(): Promise<void> {
    await this.#place.cluster.whole();
    await this.#viewers.backAfter(async () => {});
    await delay(CALM_MS);
  }

  #tell(what: string, tookMs: readonly number[]): void {
    this.#options.log(`${what}: ${percentiles(tookMs)}`);
  }

  async #whileWriting(work: () => Promise<void>): Promise<void> {
    const stopping = new AbortController();
    const writing = Array.from({ length: this.#options.writers }, () => this.#write(stopping.signal));
    try {
      await work();
    } finally {
      stopping.abort();
      await Promise.all(writing);
    }
  }

  async #write(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const id = ++this.#lastId;
      const { port } = this.#options.random.pick(this.#place.gateways);
      this.#unknown.add(id);
      try {
        const response = await fetch(`http://127.0.0.1:${port}/tables/${TABLE}?op=append`, {
          method: 'POST',
          headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
          body: arrowOf([{ id, text: 'x'.repeat(id % 500) }]) as Uint8Array<ArrayBuffer>,
          signal: AbortSignal.timeout(30_000),
        });
        if (response.ok) {
          this.#unknown.delete(id);
          this.#acknowledged.add(id);
        } else if (response.status !== 503) this.faults.push(`${response.status}: ${await response.text()}`);
        else await response.arrayBuffer();
      } catch {
        // Its gateway is gone.
      }
      await delay(WRITE_PAUSE_MS * this.#options.viewers);
    }
  }

  /** Everybody has the same once all are back, everything that was acknowledged, and nothing twice. */
  async compare(): Promise<void> {
    this.#place.heal();
    await this.#place.startGateways();
    const urls = this.#place.gateways.map(({ running }) => running!.url);
    const hash = await waitFor(
      async () => {
        const read = new Set(await Promise.all(urls.map((url) => this.#hashAt(url))));
        return read.size === 1 && (await canWrite(urls[0]!)) ? [...read][0]! : null;
      },
      { what: 'the same state at every gateway', timeoutMs: READY_MS, intervalMs: 500 },
    );
    this.#options.log(`${this.#acknowledged.size} acknowledged, ${this.#unknown.size} unknown, ${hash}`);
    const { rows } = (await readTable(urls[0]!, TABLE))!;
    this.#compareIds(rows.map(({ id }) => Number(id)));
    if (this.#epochs.size > 1) this.faults.push('the epoch changed');
    this.faults.push(...(await this.#viewers.become(hash)));
  }

  #compareIds(ids: readonly number[]): void {
    const there = new Set(ids);
    if (there.size !== ids.length) this.faults.push(`${ids.length - there.size} rows are there twice`);
    const missing = [...this.#acknowledged].filter((id) => !there.has(id));
    if (missing.length > 0)
      this.faults.push(`${missing.length} acknowledged rows are missing: ${missing.slice(0, 5)}`);
    const strange = ids.filter((id) => !this.#acknowledged.has(id) && !this.#unknown.has(id));
    if (strange.length > 0) this.faults.push(`nobody published ${strange.slice(0, 5)}`);
  }

  async #hashAt(url: string): Promise<string> {
    const { epoch } = await readJson<{ epoch: string }>(url, 'readyz');
    this.#epochs.add(epoch);
    const path = `tables/${TABLE}?content_hash=true`;
    return (await readJson<{ content_hash: string }>(url, path)).content_hash;
  }

  async close(): Promise<void> {
    await this.#viewers.close();
    await this.#place.close();
  }
}

/** A cluster that has just come back may not take anything yet. */
async function canWrite(url: string): Promise<boolean> {
  const response = await fetch(new URL('update_data', url), { method: 'POST' });
  await response.arrayBuffer();
  return response.ok;
}

/** @param sorted in ascending order, milliseconds */
export function percentiles(sorted: readonly number[]): string {
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(0);
  return `${sorted.length} times, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`;
}
