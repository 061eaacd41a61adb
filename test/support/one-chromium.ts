// Launched once for all test files of a project, for each launch costs a second of processor time.
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { chromiumOptions } from './chromium-options.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The WebSocket address of the Chromium that test files share. */
    readonly chromium?: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await chromium.launchServer({ ...chromiumOptions(), host: '127.0.0.1' });
  project.provide('chromium', server.wsEndpoint());
  return () => server.close();
}
