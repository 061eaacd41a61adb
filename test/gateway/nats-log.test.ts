import { afterAll, beforeAll, describe } from 'vitest';
import { openNatsLog } from '../../gateway/log/nats/open-nats-log.ts';
import { type NatsServer, natsServerPath, natsTitle, startNatsServer } from '../support/nats-server.ts';
import { logBehaviour, type OpenLogOf } from './log-behaviour.ts';
import { onServer } from './shared-gateways.ts';

describe.skipIf(natsServerPath === null)(`the shared log on JetStream${natsTitle}`, () => {
  let server: NatsServer;
  let logs = 0;
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(() => server.close());

  const onFault = (error: unknown) => {
    throw error;
  };

  // With the second, a snapshot is written after nearly every entry, and the stream trimmed.
  for (const minLoggedBytes of [1 << 30, 500]) {
    logBehaviour(`one gateway, a snapshot after ${minLoggedBytes} bytes`, () => {
      const name = `log${logs++}`;
      const open: OpenLogOf = (opening) =>
        openNatsLog({
          ...opening,
          servers: onServer(server.url),
          name,
          replicas: 1,
          minLoggedBytes,
          onFault,
        });
      return { open, reopen: open };
    });
  }
});
