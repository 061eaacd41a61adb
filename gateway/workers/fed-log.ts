import type { Log } from '../log/log.ts';
import type { Feed } from './feed.ts';

/** A log that is full too while a worker is far behind what was folded. */
export function fedLog(log: Log, feed: Pick<Feed, 'isFull' | 'room'>): Log {
  return {
    epoch: log.epoch,
    shared: log.shared,
    get isFull() {
      return log.isFull || feed.isFull;
    },
    async room() {
      while (log.isFull || feed.isFull) await (log.isFull ? log.room() : feed.room());
    },
    append: (...args) => log.append(...args),
    close: () => log.close(),
  };
}
