import { RecentRows } from './recent-rows.ts';
import type { CoreTimes, SystemReadings } from './system-readings.ts';
import {
  columnsOf,
  type Publication,
  round,
  SAMPLES_HEADER,
  SAMPLES_MAX_AGE_MS,
  type SystemTable,
  TIME,
} from './system-table.ts';

/** Load is the share of time between two readings: the first is taken at the start, and published a moment later. */
const FIRST_SPAN_MS = 250;

export class CpuTable implements SystemTable {
  readonly name = 'cpu';
  readonly intervalMs = 1_000;
  readonly firstReadMs = FIRST_SPAN_MS;
  readonly maxDutyCycle = 1;
  readonly columns = columnsOf({
    time: TIME,
    core: { type: 'int32', label: 'Core' },
    load_percent: { type: 'float64', label: 'Load', unit: '%' },
  });
  readonly #recent = new RecentRows(SAMPLES_MAX_AGE_MS);
  readonly #readings: SystemReadings;
  readonly #nowMs: () => number;
  #before: Promise<readonly CoreTimes[]>;

  constructor(readings: SystemReadings, nowMs: () => number) {
    this.#readings = readings;
    this.#nowMs = nowMs;
    this.#before = readings.cores().catch(() => []);
  }

  async read(): Promise<readonly Publication[]> {
    const [before, now] = [await this.#before, await this.#readings.cores()];
    this.#before = Promise.resolve(now);
    const time = new Date(this.#nowMs());
    const rows = now.map((core, index) => ({
      time,
      core: index,
      load_percent: loadPercent(before[index], core),
    }));
    if (rows.length === 0) return [];
    this.#recent.add(time.getTime(), rows);
    return [{ rows, header: SAMPLES_HEADER }];
  }

  whole() {
    return this.#recent.all();
  }
}

/** Null where no time has passed, or the counters went back (a core was switched off and on). */
function loadPercent(before: CoreTimes | undefined, now: CoreTimes): number | null {
  if (before === undefined) return null;
  const busyMs = now.busyMs - before.busyMs;
  const totalMs = busyMs + now.idleMs - before.idleMs;
  if (busyMs < 0 || totalMs <= 0) return null;
  return Math.min(100, round((100 * busyMs) / totalMs, 1));
}
