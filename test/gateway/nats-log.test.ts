import { afterAll, beforeAll, describe } from 'vitest';
import { logServersOf } from '../../gateway/log/log-servers.ts';
import { openNatsLog } from '../../gateway/log/nats/open-nats-log.ts';
import { type NatsServer, natsServerPath, natsTitle, startNatsServer } from '../support/nats-server.ts';
import { logBehaviour, type OpenLogOf } from './log-behaviour.ts';

const NO_FILES = { logCreds: null, logTlsCa: null, logTlsCert: null, logTlsKey: null };

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

  logBehaviour('one gateway', () => {
    const name = `log${logs++}`;
    const open: OpenLogOf = (opening) =>
      openNatsLog({
        ...opening,
        servers: logServersOf({ log: server.url, ...NO_FILES }),
        name,
        replicas: 1,
        onFault,
      });
    return { open, reopen: open };
  });
});
