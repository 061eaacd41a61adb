import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { freePort } from './free-port.ts';
import { type NatsServer, startNatsServer } from './nats-server.ts';
import { waitFor } from './wait-for.ts';

export interface NatsCluster {
  readonly servers: readonly NatsServer[];
  /** For `--log`. */
  readonly url: string;
  /** Resolves once each stream has a leader, and all servers have what it has. */
  whole(): Promise<void>;
  close(): Promise<void>;
}

/** NATS servers that keep their streams together, on loopback: `server0` and so on. */
export async function startNatsCluster(count: number, args: readonly string[] = []): Promise<NatsCluster> {
  const ports = await Promise.all(Array.from({ length: count }, () => freePort()));
  const routes = ports.map((port) => `nats://127.0.0.1:${port}`);
  const servers = await Promise.all(
    routes.map((route, i) =>
      startNatsServer([
        ...['-n', `server${i}`, '--cluster_name', 'tablecast', '-cluster', route],
        ...['-routes', routes.join(','), ...args],
      ]),
    ),
  );
  return {
    servers,
    url: `nats://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    whole: async () => {
      await waitFor(() => isWhole(servers[0]!.url), {
        what: 'a whole cluster',
        timeoutMs: 60_000,
        intervalMs: 100,
      });
    },
    async close() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

async function isWhole(url: string): Promise<boolean> {
  const connection = await connect({ servers: url, reconnect: false, timeout: 2000 });
  try {
    const manager = await jetstreamManager(connection);
    for await (const { cluster } of manager.streams.list()) {
      const replicas = cluster?.replicas ?? [];
      const areCurrent = replicas.every(({ current, offline, lag }) => current && offline !== true && !lag);
      if (cluster?.leader === undefined || cluster.leader === '' || !areCurrent) return false;
    }
    return true;
  } finally {
    await connection.close();
  }
}
