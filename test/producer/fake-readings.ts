import type { ProcessReading, SystemReadings } from '../../producer/system/system-readings.ts';

export function processReading(pid: number, more: Partial<ProcessReading> = {}): ProcessReading {
  return {
    pid,
    parentPid: 0,
    name: `p${pid}`,
    cpuPercent: 1,
    memoryPercent: 2,
    rssKib: 1024,
    user: 'u',
    state: 'sleeping',
    started: '2026-11-21 10:00:00',
    ...more,
  };
}

/** A machine that stands still; each reading may be replaced. */
export function fakeReadings(more: Partial<SystemReadings> = {}): SystemReadings {
  return {
    cores: async () => [{ busyMs: 0, idleMs: 0 }],
    memory: async () => ({
      usedBytes: 2 ** 30,
      availableBytes: 3 * 2 ** 30,
      freeBytes: 2 ** 31,
      cachedBytes: 0,
      swapUsedBytes: 0,
    }),
    network: async () => [{ name: 'eth0', rxBytes: 0, txBytes: 0 }],
    disks: async () => [],
    processes: async () => [processReading(1)],
    ...more,
  };
}
