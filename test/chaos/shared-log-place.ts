import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { freePort } from '../support/free-port.ts';
import { type NatsCluster, startNatsCluster } from '../support/nats-cluster.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';
import { type FaultProxy, openFaultProxy } from './fault-proxy.ts';

export interface SharedLogPlaceOptions {
  readonly servers: number;
  readonly gateways: number;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly onFault: (fault: string) => void;
}

export interface GatewayPlace {
  readonly port: number;
  /** Of its viewers. */
  readonly line: FaultProxy;
  running: SpawnedGateway | null;
}

const READY_MS = 90_000;
const STREAM = 'tablecast';
const ASK_MS = 300;

/** Gateways and the servers of their log as processes of this machine, with lines between all of them that can be cut. */
export class SharedLogPlace {
  readonly cluster: NatsCluster;
  /** From all gateways to each server. */
  readonly serverLines: readonly FaultProxy[];
  readonly gateways: readonly GatewayPlace[];
  readonly #onFault: (fault: string) => void;

  static async start({ servers, gateways, random, onFault }: SharedLogPlaceOptions): Promise<SharedLogPlace> {
    // Or gateways would learn of ways around the lines.
    const cluster = await startNatsCluster(servers, ['--no_advertise']);
    const line = (port: number) => openFaultProxy(port, random);
    const serverLines = await Promise.all(cluster.servers.map(({ port }) => line(port)));
    const places = Array.from({ length: gateways }, async () => {
      const port = await freePort();
      return { port, line: await line(port), running: null };
    });
    const place = new SharedLogPlace(cluster, serverLines, await Promise.all(places), onFault);
    await place.startGateways();
    return place;
  }

  private constructor(
    cluster: NatsCluster,
    serverLines: readonly FaultProxy[],
    gateways: readonly GatewayPlace[],
    onFault: (fault: string) => void,
  ) {
    this.#onFault = onFault;
    this.cluster = cluster;
    this.serverLines = serverLines;
    this.gateways = gateways;
  }

  /** Those that do not run. */
  async startGateways(): Promise<void> {
    const log = this.serverLines.map(({ port }) => `127.0.0.1:${port}`).join(',');
    const replicas = String(this.cluster.servers.length);
    await Promise.all(
      this.gateways.map(async (place) => {
        if (place.running !== null) return;
        const gateway = await spawnGateway({
          ...{ port: place.port, connect: 'none', bind: 'none', pull: 'none', readyTimeoutMs: READY_MS },
          args: ['--log', `nats://${log}`, '--log-replicas', replicas, '--snapshot-bytes', '100000'],
        });
        place.running = gateway;
        void gateway.ended.then(({ code }) => {
          if (place.running === gateway)
            this.#onFault(`a gateway ended by itself (${code}): ${gateway.stderr()}`);
        });
      }),
    );
  }

  async killGateway(place: GatewayPlace): Promise<void> {
    const { running } = place;
    place.running = null;
    running?.kill('SIGKILL');
    await running?.ended;
  }

  /** The number of the server that leads the log. */
  leader(): Promise<number> {
    return waitFor(async () => await this.#askLeader(this.cluster.servers.map(({ url }) => url)), {
      what: 'a server that leads the log',
      timeoutMs: READY_MS,
    }).then((name) => Number(name.at(-1)));
  }

  /** Resolves once another server leads the log. */
  async nextLeader(former: number): Promise<void> {
    const others = this.cluster.servers.filter((_, i) => i !== former).map(({ url }) => url);
    await waitFor(async () => ((await this.#askLeader(others)) ?? `server${former}`) !== `server${former}`, {
      what: 'another server to lead the log',
      timeoutMs: READY_MS,
    });
  }

  async #askLeader(servers: readonly string[]): Promise<string | undefined> {
    const connection = await connect({ servers: [...servers], reconnect: false, timeout: 2000 });
    try {
      const manager: JetStreamManager = await jetstreamManager(connection, {
        timeout: ASK_MS,
        checkAPI: false,
      });
      return (await manager.streams.info(STREAM)).cluster?.leader;
    } finally {
      await connection.close();
    }
  }

  heal(): void {
    for (const line of this.serverLines) line.heal();
    for (const { line } of this.gateways) line.heal();
  }

  async close(): Promise<void> {
    this.heal();
    for (const place of this.gateways) {
      const { running } = place;
      place.running = null;
      running?.kill('SIGCONT');
      await running?.close();
    }
    for (const server of this.cluster.servers) server.resume();
    await this.cluster.close();
    await Promise.all(
      [...this.serverLines, ...this.gateways.map(({ line }) => line)].map((line) => line.close()),
    );
  }
}
