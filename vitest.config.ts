import { defineConfig } from 'vitest/config';

// The groups run one after the other; of real processes, which often wait, four files at a time on two cores, of browsers three.
const realProcesses = { isolate: false, globalSetup: ['test/support/build-first.ts'] };
/** Some start twenty programs, or follow a cluster, for a quarter of a minute where nothing else wants the machine. */
const PROCESSES_MS = 240_000;

// `isolate`: what files import is loaded once for each worker. No module keeps state, and who replaces globals restores them.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          isolate: false,
          maxWorkers: '100%',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{e2e,interop,chaos,browser}/**'],
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...realProcesses,
          name: 'e2e',
          maxWorkers: 4,
          include: ['test/{e2e,interop,chaos}/**/*.test.ts'],
          testTimeout: PROCESSES_MS,
          hookTimeout: PROCESSES_MS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...realProcesses,
          name: 'browser',
          maxWorkers: 3,
          globalSetup: [...realProcesses.globalSetup, 'test/support/one-chromium.ts'],
          include: ['test/browser/**/*.test.ts'],
          // A page draws when the machine has time for it.
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 180_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
