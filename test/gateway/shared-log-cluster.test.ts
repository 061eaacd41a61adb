import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type NatsCluster, startNatsCluster } from '../support/nats-cluster.ts';
import { natsServerPath, natsTitle } from '../support/nats-server.ts';
import { waitFor } from '../support/wait-for.ts';
import type { LoggedTables } from './log-behaviour.ts';
import { SharedGateways, sameState } from './shared-gateways.ts';

const CLUSTER_MS = 100_000;

describe.skipIf(natsServerPath === null)(`a shared log on three servers${natsTitle}`, () => {
  let cluster: NatsCluster;
  // All are connected to the first server, and know of the others by it.
  const shared = new SharedGateways(() => cluster.servers[0]!.url);
  beforeAll(async () => {
    cluster = await startNatsCluster(3);
  });
  afterAll(async () => {
    await shared.closeAll();
    await cluster.close();
  });

  /** The numbers of the servers that hold the consumers from which the gateways read. */
  async function serversOfConsumers(stream: string): Promise<number[]> {
    const connection = await connect({ servers: cluster.servers[0]!.url });
    try {
      const manager = await jetstreamManager(connection);
      const leaders: number[] = [];
      for await (const { cluster: placed } of manager.consumers.list(stream))
        leaders.push(Number(placed?.leader?.at(-1)));
      return leaders;
    } finally {
      await connection.close();
    }
  }

  const has = ({ store }: LoggedTables, n: number) => {
    const { live } = store.table('t');
    return [...live.numbers(0, 0, live.rowCount)].includes(n);
  };

  test('gateways read on where the server ends that they read from and not the one they are connected to, and it stays away', async () => {
    const name = shared.nextName();
    const gateways: LoggedTables[] = [];
    const other = await waitFor(
      async () => {
        gateways.push(await shared.open(name, { replicas: 3 }));
        return (await serversOfConsumers(name)).find((server) => server !== 0);
      },
      { what: 'a gateway that reads from another server', timeoutMs: CLUSTER_MS },
    );
    await gateways[0]!.publish('t', [{ n: 0 }], { op: 'append' });
    await cluster.servers[other]!.stop('SIGKILL');
    for (let n = 1; n <= gateways.length; n++) {
      const gateway = gateways[n - 1]!;
      // While no server leads the stream, nothing is taken.
      await waitFor(async () => 'commit' in (await gateway.publish('t', [{ n }], { op: 'append' })), {
        what: 'a publication that is taken',
        timeoutMs: CLUSTER_MS,
      });
    }
    await waitFor(() => gateways.every((gateway) => gateways.every((_, i) => has(gateway, i + 1))), {
      what: 'all rows at every gateway',
      timeoutMs: CLUSTER_MS,
    });
    // What was tried in vain may be taken all the same, after what was taken.
    await sameState(gateways);
  }, 400_000);
});
