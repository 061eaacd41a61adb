import { logServersOf } from '../../gateway/log/log-servers.ts';
import { type OpenNatsLogOptions, openNatsLog } from '../../gateway/log/nats/open-nats-log.ts';
import { waitFor } from '../support/wait-for.ts';
import { LoggedTables } from './log-behaviour.ts';

/** Flags of a log on a server of this machine. */
export function onServer(url: string) {
  return logServersOf({ log: url, logCreds: null, logTlsCa: null, logTlsCert: null, logTlsKey: null });
}

/** Logs and tables of several gateways in this process, on one NATS server. */
export class SharedGateways {
  readonly faults: unknown[] = [];
  readonly #url: () => string;
  #opened: LoggedTables[] = [];
  #streams = 0;

  constructor(url: () => string) {
    this.#url = url;
  }

  nextName(): string {
    return `stream${++this.#streams}`;
  }

  /** What others commit is told as well. */
  async open(name: string, more: Partial<OpenNatsLogOptions> = {}): Promise<LoggedTables> {
    const tables = await new LoggedTables().open((opening) =>
      openNatsLog({
        ...opening,
        servers: onServer(this.#url()),
        name,
        replicas: 1,
        retryMs: 50,
        onFault: (error) => this.faults.push(error),
        ...more,
      }),
    );
    tables.log.shared?.onForeign((commit) => tables.told.push(commit.version));
    this.#opened.push(tables);
    return tables;
  }

  async pair(more?: Partial<OpenNatsLogOptions>) {
    const name = this.nextName();
    return { name, gateways: [await this.open(name, more), await this.open(name, more)] as const };
  }

  async closeAll(): Promise<void> {
    for (const { log } of this.#opened.splice(0)) await log.close();
  }
}

export function sameState(tables: readonly LoggedTables[]) {
  return waitFor(() => new Set(tables.map((each) => JSON.stringify(each.state()))).size === 1, {
    what: 'the same state everywhere',
  });
}
