import { cpus, networkInterfaces } from 'node:os';
import si from 'systeminformation';

/** Time that one core has spent since boot, milliseconds. */
export interface CoreTimes {
  readonly busyMs: number;
  readonly idleMs: number;
}
export interface MemoryReading {
  readonly usedBytes: number;
  readonly availableBytes: number;
  readonly freeBytes: number;
  readonly cachedBytes: number;
  readonly swapUsedBytes: number;
}
/** Counted since boot; null where the platform does not say. */
export interface InterfaceCounters {
  readonly name: string;
  readonly rxBytes: number | null;
  readonly txBytes: number | null;
}
export interface DiskReading {
  readonly mount: string;
  readonly device: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly usedBytes: number;
  readonly availableBytes: number;
  readonly usedPercent: number;
}
export interface ProcessReading {
  readonly pid: number;
  readonly parentPid: number;
  readonly name: string;
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  readonly rssKib: number;
  readonly user: string;
  readonly state: string;
  /** Local time, `2026-11-21 10:00:00`. */
  readonly started: string;
}

/** What the tables read of the machine; each may fail or give nothing where the platform lacks it. */
export interface SystemReadings {
  cores(): Promise<readonly CoreTimes[]>;
  memory(): Promise<MemoryReading>;
  network(): Promise<readonly InterfaceCounters[]>;
  disks(): Promise<readonly DiskReading[]>;
  processes(): Promise<readonly ProcessReading[]>;
}

/** This machine, by `systeminformation`; the cores by Node, which needs no process for it. */
export const systemReadings: SystemReadings = {
  async cores() {
    return cpus().map(({ times }) => ({
      busyMs: times.user + times.nice + times.sys + times.irq,
      idleMs: times.idle,
    }));
  },
  async memory() {
    const memory = await si.mem();
    return {
      usedBytes: memory.total - memory.available,
      availableBytes: memory.available,
      freeBytes: memory.free,
      cachedBytes: memory.buffcache,
      swapUsedBytes: memory.swapused,
    };
  },
  async network() {
    const names = interfaceNames();
    if (names.length === 0) return [];
    const stats = await si.networkStats(names.join(','));
    return stats.map(({ iface, rx_bytes, tx_bytes }) => ({
      name: iface,
      rxBytes: Number.isFinite(rx_bytes) ? rx_bytes : null,
      txBytes: Number.isFinite(tx_bytes) ? tx_bytes : null,
    }));
  },
  async disks() {
    const disks = await si.fsSize();
    return disks.map(({ mount, fs, type, size, used, available, use }) => ({
      mount,
      device: fs,
      type,
      sizeBytes: size,
      usedBytes: used,
      availableBytes: available,
      usedPercent: use,
    }));
  },
  async processes() {
    const { list } = await si.processes();
    return list.map(({ pid, parentPid, name, cpu, mem, memRss, user, state, started }) => ({
      pid,
      parentPid,
      name,
      cpuPercent: cpu,
      memoryPercent: mem,
      rssKib: memRss,
      user,
      state,
      started,
    }));
  },
};

/** Interfaces to other machines; the loopback only where there is no other. */
function interfaceNames(): string[] {
  const all = Object.entries(networkInterfaces());
  const outward = all.filter(([, addresses]) => addresses?.some((address) => !address.internal));
  return (outward.length > 0 ? outward : all).map(([name]) => name);
}
