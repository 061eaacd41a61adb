import { RecentRows } from './recent-rows.ts';
import type { SystemReadings } from './system-readings.ts';
import {
  columnsOf,
  type Publication,
  SAMPLES_HEADER,
  SAMPLES_MAX_AGE_MS,
  type SystemTable,
  TIME,
  toGib,
} from './system-table.ts';

const GIB = { type: 'float64', unit: 'GiB' } as const;

export class MemoryTable implements SystemTable {
  readonly name = 'memory';
  readonly intervalMs = 1_000;
  readonly firstReadMs = 0;
  readonly maxDutyCycle = 1;
  readonly columns = columnsOf({
    time: TIME,
    used_gib: { ...GIB, label: 'Used' },
    available_gib: { ...GIB, label: 'Available' },
    free_gib: { ...GIB, label: 'Free' },
    cached_gib: { ...GIB, label: 'Cached' },
    swap_used_gib: { ...GIB, label: 'Swap used' },
  });
  readonly #recent = new RecentRows(SAMPLES_MAX_AGE_MS);
  readonly #readings: SystemReadings;
  readonly #nowMs: () => number;

  constructor(readings: SystemReadings, nowMs: () => number) {
    this.#readings = readings;
    this.#nowMs = nowMs;
  }

  async read(): Promise<readonly Publication[]> {
    const memory = await this.#readings.memory();
    const time = new Date(this.#nowMs());
    const row = {
      time,
      used_gib: toGib(memory.usedBytes),
      available_gib: toGib(memory.availableBytes),
      free_gib: toGib(memory.freeBytes),
      cached_gib: toGib(memory.cachedBytes),
      swap_used_gib: toGib(memory.swapUsedBytes),
    };
    this.#recent.add(time.getTime(), [row]);
    return [{ rows: [row], header: SAMPLES_HEADER }];
  }

  whole() {
    return this.#recent.all();
  }
}
