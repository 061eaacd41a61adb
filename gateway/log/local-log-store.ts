import { LogDirectory, type LogDirectoryOptions } from './log-directory.ts';
import type { LogStore } from './log-store.ts';

/** With `interval`: so often what was written is flushed to the disk. */
const SYNC_INTERVAL_MS = 100;

/** A log store whose calls block this thread. */
export function createLocalLogStore(options: Omit<LogDirectoryOptions, 'isReadOnly'>): LogStore {
  let directory: LogDirectory | null = null;
  let timer: NodeJS.Timeout | null = null;
  const opened = () => {
    if (directory === null) throw new Error('The log is not open.');
    return directory;
  };
  return {
    async open() {
      directory = new LogDirectory(options);
      const log = directory.own();
      if (options.sync === 'interval') {
        await directory.sync();
        timer = setInterval(() => void directory?.sync(), SYNC_INTERVAL_MS);
        timer.unref();
      }
      return log;
    },
    read: async (series, from, maxBytes) => opened().read(series, from, maxBytes),
    write: async (job) => opened().write(job),
    clean: async () => opened().clean(),
    async close() {
      if (timer !== null) clearInterval(timer);
      const closing = directory?.close();
      directory = null;
      await closing;
    },
  };
}
