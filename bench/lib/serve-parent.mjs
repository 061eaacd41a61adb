// The other end of child.mjs.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const loopDelayResolutionMs = 10;

/**
 * Serves the parent's calls until it is gone. Every process answers `usage` and `memory` too.
 * @param {Record<string, (...args: any[]) => unknown>} methods
 */
export function serveParent(methods) {
  const all = { ...processMethods(), ...methods };
  process.on('message', async (/** @type {{ id: number, method: string, args: unknown[] }} */ call) => {
    const { id, method, args } = call;
    try {
      const value = await all[method](...args);
      if (process.connected) process.send?.({ id, value });
    } catch (error) {
      if (process.connected)
        process.send?.({ id, error: error instanceof Error ? error.stack : String(error) });
    }
  });
  process.once('disconnect', () => process.exit(0));
}

function processMethods() {
  const delays = monitorEventLoopDelay({ resolution: loopDelayResolutionMs });
  let since = { cpuMs: cpuMs(), atMs: performance.now() };
  return {
    /** What this process did since the last call: CPU of all its threads, and how long its event loop paused at most. */
    usage() {
      delays.disable();
      const spentMs = cpuMs() - since.cpuMs;
      const share = spentMs / (performance.now() - since.atMs);
      const longestPauseMs = Math.max(0, delays.max / 1e6 - loopDelayResolutionMs);
      delays.reset();
      delays.enable();
      since = { cpuMs: cpuMs(), atMs: performance.now() };
      return { cpuMs: spentMs, cpuPercent: share * 100, longestPauseMs };
    },
    /** Resident memory after garbage has been collected. */
    async memory() {
      for (let i = 0; i < 3; i += 1) {
        global.gc?.();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return { rssBytes: process.memoryUsage.rss(), ...process.memoryUsage() };
    },
  };
}

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
