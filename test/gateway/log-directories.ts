import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalLogStore } from '../../gateway/log/local-log-store.ts';
import { type OpenLogOptions, openLog } from '../../gateway/log/open-log.ts';
import { LoggedTables } from './log-behaviour.ts';

/** Data directories for a test file, and the logs that it has opened there. */
export class LogDirectories {
  readonly #root = mkdtempSync(join(tmpdir(), 'tablecast-log-'));
  readonly #opened: LoggedTables[] = [];
  #count = 0;

  newPath(): string {
    return join(this.#root, String(this.#count++));
  }

  async open(path: string, more: Partial<OpenLogOptions> = {}): Promise<LoggedTables> {
    const tables = await new LoggedTables().open((opening) =>
      openLog({
        ...opening,
        path,
        sync: 'always',
        onFault: () => {},
        createStore: createLocalLogStore,
        ...more,
      }),
    );
    this.#opened.push(tables);
    return tables;
  }

  async closeLogs(): Promise<void> {
    for (const { log } of this.#opened.splice(0)) await log.close();
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
