import { defineConfig } from 'vitest/config';

// The groups run one after the other, and real processes and browsers one file at a time: two cores stay calm.
const oneFileAtATime = { fileParallelism: false, globalSetup: ['test/support/build-first.ts'] };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{e2e,interop,chaos,browser}/**'],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...oneFileAtATime,
          name: 'e2e',
          include: ['test/{e2e,interop,chaos}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...oneFileAtATime,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
