import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createLocalLogStore } from '../../gateway/log/local-log-store.ts';
import type { SyncMode } from '../../gateway/log/log-store.ts';
import { createMemoryLog } from '../../gateway/log/memory-log.ts';
import { openLog } from '../../gateway/log/open-log.ts';
import { logBehaviour, type OpenLogOf } from './log-behaviour.ts';

const root = mkdtempSync(join(tmpdir(), 'tablecast-log-'));
let directories = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));

logBehaviour('the log in memory', () => ({
  open: async ({ fold }) => createMemoryLog({ epoch: 'epoch', fold }),
  reopen: null,
}));

const onFault = (error: unknown) => {
  throw error;
};

for (const sync of ['always', 'interval'] satisfies SyncMode[]) {
  // With the second, a snapshot begins after nearly every entry.
  for (const minLoggedBytes of [1 << 30, 500]) {
    logBehaviour(`the log in a directory, --sync ${sync}, a snapshot after ${minLoggedBytes} bytes`, () => {
      const path = join(root, String(directories++));
      const open: OpenLogOf = (opening) =>
        openLog({ ...opening, path, sync, onFault, minLoggedBytes, createStore: createLocalLogStore });
      return { open, reopen: open };
    });
  }
}
