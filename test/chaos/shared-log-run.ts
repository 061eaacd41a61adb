import { type Client, connect } from '../../ui/client/node.ts';
import { arrowOf } from '../support/arrow-messages.ts';
import { freePort } from '../support/free-port.ts';
import { readJson, readTable } from '../support/gateway-http.ts';
import { type NatsCluster, startNatsCluster } from '../support/nats-cluster.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

export interface SharedLogRunOptions {
  readonly servers: number;
  readonly gateways: number;
  readonly writers: number;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly log: (line: string) => void;
}

interface Place {
  readonly port: number;
  gateway: SpawnedGateway | null;
}

const READY_MS = 90_000;
const TABLE = 'appended';

/** Gateways on a cluster of NATS servers, writers that go to any gateway, a client that follows, and faults of every process. */
export class SharedLogRun {
  readonly faults: string[] = [];
  readonly #options: SharedLogRunOptions;
  readonly #cluster: NatsCluster;
  readonly #places: readonly Place[];
  readonly #acknowledged = new Set<number>();
  /** What was published without an answer: it is there once, or not at all. */
  readonly #unknown = new Set<number>();
  readonly #client: Client;
  #lastId = 0;
  #seenVersion = 0;
  #epochs = new Set<string>();

  static async start(options: SharedLogRunOptions): Promise<SharedLogRun> {
    const cluster = await startNatsCluster(options.servers);
    const ports = await Promise.all(Array.from({ length: options.gateways }, () => freePort()));
    const run = new SharedLogRun(options, cluster, ports);
    await run.#startAll();
    return run;
  }

  private constructor(options: SharedLogRunOptions, cluster: NatsCluster, ports: readonly number[]) {
    this.#options = options;
    this.#cluster = cluster;
    this.#places = ports.map((port) => ({ port, gateway: null }));
    this.#client = connect(ports.map((port) => `http://127.0.0.1:${port}/`));
    void this.#follow();
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  async #follow(): Promise<void> {
    for await (const { epoch, version } of this.#client.subscribe('*')) {
      this.#epochs.add(epoch);
      if (version < this.#seenVersion) this.faults.push(`version ${version} after ${this.#seenVersion}`);
      this.#seenVersion = version;
    }
  }

  #startAll(): Promise<unknown> {
    return Promise.all(
      this.#places.map(async (place) => {
        if (place.gateway !== null) return;
        const { servers } = this.#options;
        place.gateway = await spawnGateway({
          ...{ port: place.port, connect: 'none', bind: 'none', pull: 'none', readyTimeoutMs: READY_MS },
          args: ['--log', this.#cluster.url, '--log-replicas', String(servers), '--snapshot-bytes', '100000'],
        });
      }),
    );
  }

  /** Faults of one process after the other while writers write, for so long. */
  async strike(durationMs: number): Promise<void> {
    const stopping = AbortSignal.timeout(durationMs);
    const writing = Array.from({ length: this.#options.writers }, () => this.#write(stopping));
    while (!stopping.aborted) await this.#oneFault();
    await Promise.all(writing);
  }

  async #oneFault(): Promise<void> {
    const { random, log } = this.#options;
    const servers = this.#cluster.servers;
    const server = servers[Math.floor(random() * servers.length)]!;
    const place = this.#places[Math.floor(random() * this.#places.length)]!;
    const kind = Math.floor(random() * 4);
    log(['kill a server', 'freeze a server', 'kill a gateway', 'freeze a gateway'][kind]!);
    // A cluster bears the end of one server at a time.
    if (kind < 2) await this.#cluster.whole();
    if (kind === 0) await server.stop('SIGKILL').then(() => server.start());
    if (kind === 1) server.pause();
    if (kind === 2) {
      place.gateway?.kill('SIGKILL');
      await place.gateway?.ended;
      place.gateway = null;
      await this.#startAll();
    }
    if (kind === 3) place.gateway?.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 300 + random() * 1500));
    if (kind === 1) server.resume();
    if (kind === 3) place.gateway?.kill('SIGCONT');
  }

  async #write(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const id = ++this.#lastId;
      const { port } = this.#places[Math.floor(this.#options.random() * this.#places.length)]!;
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
    }
  }

  /** Everybody has the same once all are back, everything that was acknowledged, and nothing twice. */
  async compare(): Promise<void> {
    await this.#startAll();
    const gateways = this.#places.map(({ gateway }) => gateway!);
    const states = await waitFor(
      async () => {
        const read = await Promise.all(gateways.map(({ url }) => stateAt(url)));
        return new Set(read).size === 1 && (await this.#canWrite(gateways)) ? read : null;
      },
      { what: 'the same state at every gateway', timeoutMs: READY_MS, intervalMs: 500 },
    );
    this.#options.log(`${this.#acknowledged.size} acknowledged, ${this.#unknown.size} unknown, ${states[0]}`);
    const { rows } = (await readTable(gateways[0]!.url, TABLE))!;
    const ids = rows.map(({ id }) => Number(id));
    const there = new Set(ids);
    if (there.size !== ids.length) this.faults.push(`${ids.length - there.size} rows are there twice`);
    const missing = [...this.#acknowledged].filter((id) => !there.has(id));
    if (missing.length > 0)
      this.faults.push(`${missing.length} acknowledged rows are missing: ${missing.slice(0, 5)}`);
    const strange = ids.filter((id) => !this.#acknowledged.has(id) && !this.#unknown.has(id));
    if (strange.length > 0) this.faults.push(`nobody published ${strange.slice(0, 5)}`);
    if (this.#epochs.size > 1) this.faults.push('the epoch changed');
    await this.#compareClient(gateways[0]!);
  }

  /** A cluster that has just come back may not take anything yet. */
  async #canWrite([first]: readonly SpawnedGateway[]): Promise<boolean> {
    const response = await fetch(new URL('update_data', first!.url), { method: 'POST' });
    await response.arrayBuffer();
    return response.ok;
  }

  async #compareClient({ url }: SpawnedGateway): Promise<void> {
    const { content_hash } = await readJson<{ content_hash: string }>(
      url,
      `tables/${TABLE}?content_hash=true`,
    );
    const subscription = this.#client.subscribe(TABLE);
    await waitFor(() => subscription.table(TABLE)?.contentHash() === content_hash, {
      what: "the client's table to be the gateways'",
      timeoutMs: 30_000,
    });
    subscription.close();
  }

  async close(): Promise<void> {
    this.#client.close();
    for (const { gateway } of this.#places) {
      gateway?.kill('SIGCONT');
      await gateway?.close();
    }
    for (const server of this.#cluster.servers) server.resume();
    await this.#cluster.close();
  }
}

async function stateAt(url: string): Promise<string> {
  const { epoch } = await readJson<{ epoch: string }>(url, 'readyz');
  const { content_hash } = await readJson<{ content_hash: string }>(url, `tables/${TABLE}?content_hash=true`);
  return JSON.stringify({ epoch, content_hash });
}
