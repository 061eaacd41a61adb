import { setTimeout as delay } from 'node:timers/promises';
import { fromValues, type Row } from '../../protocol/arrow/from-values.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';
import { LiveTable } from '../../protocol/table/live-table.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Child, startChild } from './child.ts';
import { type FaultProxy, openFaultProxy } from './fault-proxy.ts';
import { nextFault } from './faults.ts';
import { FollowingReader } from './following-reader.ts';
import { KeptGateway } from './kept-gateway.ts';

export interface ChaosOptions {
  /** Of the faults' order and times, and of what is written. */
  readonly seed: number;
  /** Null for a gateway that forgets its tables when it ends. */
  readonly dataDir: string | null;
  readonly log: (line: string) => void;
}

/** How each table is written, and over what line. */
const WRITERS = {
  keyed: { kind: 'keyed', line: 'bad' },
  steady: { kind: 'keyed', line: 'direct' },
  appended: { kind: 'appended', line: 'bad' },
  pushed: { kind: 'pushed', line: 'direct' },
  numbered: { kind: 'numbered', line: 'bus' },
} as const;
const VIEWERS = ['*', '*', 'keyed,appended'] as const;
const MIN_WRITTEN = 20;
const MAX_PAUSE_MS = 700;
const MAX_AT_ONCE = 3;
const SETTLE_TIMEOUT_MS = 60_000;

type Hashes = Readonly<Record<string, string>>;
interface Looked {
  readonly position: { readonly epoch: string; readonly version: number } | null;
  readonly hashes: Hashes;
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}
interface Settled {
  readonly table: string;
  readonly meant: {
    readonly types: Record<string, string>;
    readonly key: string[] | null;
    readonly rows: Row[];
  } | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

/** Processes under load and faults; whenever they are let be, everybody has the same tables. */
export class ChaosRun {
  readonly faults: string[] = [];
  readonly #random: SeededRandom;
  readonly #gateway: KeptGateway;
  readonly #lines: readonly FaultProxy[];
  readonly #viewers: readonly Child[];
  readonly #writers: readonly Child[];
  readonly #reader: FollowingReader;
  readonly #struck = new Map<string, number>();
  readonly #options: ChaosOptions;

  private constructor(parts: {
    readonly options: ChaosOptions;
    readonly gateway: KeptGateway;
    readonly lines: readonly FaultProxy[];
    readonly faults: string[];
  }) {
    const { options, gateway, lines } = parts;
    this.#options = options;
    this.#gateway = gateway;
    this.#lines = lines;
    this.faults = parts.faults;
    this.#random = new SeededRandom(options.seed);
    const [viewing, writing, bus] = lines;
    const live = `ws://127.0.0.1:${viewing!.port}/live`;
    this.#viewers = VIEWERS.map((tables) => startChild('viewer', [live, tables]));
    const writingUrl = `http://127.0.0.1:${writing!.port}/`;
    this.#writers = Object.entries(WRITERS).map(([table, { kind, line }]) => {
      const url = line === 'direct' ? gateway.url : writingUrl;
      const address = line === 'bus' ? `tcp://127.0.0.1:${bus!.port}` : gateway.pull;
      return startChild('writer', [url, address, table, kind, String(options.seed)]);
    });
    this.#reader = new FollowingReader(`http://127.0.0.1:${viewing!.port}/`);
  }

  static async start(options: ChaosOptions): Promise<ChaosRun> {
    const faults: string[] = [];
    const gateway = await KeptGateway.start({
      dataDir: options.dataDir,
      onFault: (fault) => faults.push(fault),
    });
    const random = new SeededRandom(~options.seed);
    const proxy = (port: number) => openFaultProxy(port, () => random.next());
    // Of viewers, of writers, and of a producer on the bus, whose losses are found by its numbers. PUSH has no line that
    // could lose anything.
    const lines = [await proxy(gateway.port), await proxy(gateway.port), await proxy(gateway.busPort)];
    return new ChaosRun({ options, gateway, lines, faults });
  }

  /** Load and faults for a while, once the load has begun. */
  async strike(durationMs: number): Promise<void> {
    for (const writer of this.#writers) {
      const begun = (await writer.ask<number>('written')) + MIN_WRITTEN;
      await waitFor(async () => (await writer.ask<number>('written')) >= begun, {
        what: 'a writer to write',
        timeoutMs: SETTLE_TIMEOUT_MS,
      });
    }
    const endMs = performance.now() + durationMs;
    const underWay = new Map<string, Promise<void>>();
    while (performance.now() < endMs) {
      await delay(this.#random.below(MAX_PAUSE_MS));
      const { name, strike } = nextFault(this.#random);
      const victim = name.includes('the gateway') ? 'gateway' : name;
      if (underWay.has(victim) || underWay.size >= MAX_AT_ONCE) continue;
      this.#options.log(name);
      this.#struck.set(name, (this.#struck.get(name) ?? 0) + 1);
      const struck = strike(this.#victims, this.#random).finally(() => underWay.delete(victim));
      underWay.set(victim, struck);
    }
    await Promise.all(underWay.values());
  }

  get #victims() {
    return { gateway: this.#gateway, lines: this.#lines, viewers: this.#viewers, writers: this.#writers };
  }

  /** Lets all come to rest, and compares what everybody has; what differs is a fault. */
  async compare(): Promise<void> {
    for (const child of [...this.#viewers, ...this.#writers]) child.thaw();
    for (const line of this.#lines) line.heal();
    const settled = await Promise.all(this.#writers.map((writer) => writer.ask<Settled>('settle')));
    for (const { table, faults } of settled) this.faults.push(...faults.map((fault) => `${table}: ${fault}`));
    const meant = Object.fromEntries(
      settled.flatMap(({ table, meant }) => (meant === null ? [] : [[table, hashOf(meant)]])),
    );
    await this.#untilSame('gateway', meant, () => this.#stored(Object.keys(WRITERS)));
    const viewers = this.#viewers.map((viewer, i) => {
      const names = VIEWERS[i]!;
      const expected = names === '*' ? meant : chosen(meant, names.split(','));
      return this.#untilSame(
        `viewer ${i} of ${names}`,
        expected,
        async () => (await this.#look(viewer)).hashes,
      );
    });
    const reader = this.#untilSame('reader by events', meant, async () => this.#reader.hashes());
    await Promise.all([...viewers, reader]);
    this.faults.push(...this.#reader.faults.splice(0));
    for (const viewer of this.#viewers) this.faults.push(...(await this.#look(viewer)).faults);
    await this.#report(settled);
  }

  async resume(): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.ask('resume')));
  }

  #look(viewer: Child): Promise<Looked> {
    return viewer.ask<Looked>('look');
  }

  async #stored(tables: readonly string[]): Promise<Hashes> {
    const hashes: Record<string, string> = {};
    for (const table of tables) {
      const response = await fetch(new URL(`tables/${table}?content_hash=true`, this.#gateway.url));
      if (response.ok) hashes[table] = ((await response.json()) as { content_hash: string }).content_hash;
    }
    return hashes;
  }

  async #untilSame(who: string, expected: Hashes, look: () => Promise<Hashes>): Promise<void> {
    let last: Hashes = {};
    const isSame = async () => {
      last = await look();
      return canonical(last) === canonical(expected);
    };
    try {
      await waitFor(isSame, { what: who, timeoutMs: SETTLE_TIMEOUT_MS, intervalMs: 50 });
    } catch {
      this.faults.push(`${who} has ${canonical(last)} instead of ${canonical(expected)}`);
    }
  }

  async #report(settled: readonly Settled[]): Promise<void> {
    const counts = [...this.#struck].map(([name, count]) => `${name} ${count}`).join(', ');
    const written = settled.map(({ table, counts }) => `${table} ${JSON.stringify(counts)}`).join(' ');
    this.#options.log(`${counts}; ${written}; reader ${JSON.stringify(this.#reader.counts)}`);
    for (const viewer of this.#viewers)
      this.#options.log(`viewer ${JSON.stringify((await this.#look(viewer)).counts)}`);
  }

  async close(): Promise<void> {
    this.#reader.close();
    await Promise.all([...this.#viewers, ...this.#writers].map((child) => child.close()));
    await this.#gateway.close();
    await Promise.all(this.#lines.map((line) => line.close()));
  }
}

function hashOf({ types, key, rows }: NonNullable<Settled['meant']>): string {
  const table = new LiveTable('meant');
  const write = { op: 'replace' as const, key, ...readIpc(fromValues(rows, { types })) };
  table.write(write, { version: 1, timeMs: 0 });
  return contentHash(table);
}

function chosen(hashes: Hashes, names: readonly string[]): Hashes {
  return Object.fromEntries(Object.entries(hashes).filter(([name]) => names.includes(name)));
}

function canonical(hashes: Hashes): string {
  return JSON.stringify(Object.entries(hashes).sort());
}
