import { defineConfig } from 'vitest/config';

// The groups run one after the other; of real processes and browsers, which often wait, three files at a time on two cores.
const realProcesses = { maxWorkers: 3, globalSetup: ['test/support/build-first.ts'] };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{e2e,interop,chaos,browser}/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...realProcesses,
          name: 'e2e',
          include: ['test/{e2e,interop,chaos}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...realProcesses,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          // A page draws when the machine has time for it.
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
