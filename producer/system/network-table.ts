import { RecentRows } from './recent-rows.ts';
import type { InterfaceCounters, SystemReadings } from './system-readings.ts';
import {
  columnsOf,
  type Publication,
  round,
  SAMPLES_HEADER,
  SAMPLES_MAX_AGE_MS,
  type SystemTable,
  TIME,
} from './system-table.ts';

const RATE = { type: 'float64', unit: 'B/s' } as const;

/** Rates are taken between two readings, so the first rows have none. */
export class NetworkTable implements SystemTable {
  readonly name = 'network';
  readonly intervalMs = 1_000;
  readonly firstReadMs = 0;
  readonly maxDutyCycle = 1;
  readonly columns = columnsOf({
    time: TIME,
    interface: { type: 'utf8', label: 'Interface' },
    rx_bytes_per_s: { ...RATE, label: 'Received' },
    tx_bytes_per_s: { ...RATE, label: 'Sent' },
  });
  readonly #recent = new RecentRows(SAMPLES_MAX_AGE_MS);
  readonly #readings: SystemReadings;
  readonly #nowMs: () => number;
  #before = new Map<string, InterfaceCounters>();
  #beforeMs = 0;

  constructor(readings: SystemReadings, nowMs: () => number) {
    this.#readings = readings;
    this.#nowMs = nowMs;
  }

  async read(): Promise<readonly Publication[]> {
    const counters = await this.#readings.network();
    const atMs = this.#nowMs();
    const seconds = (atMs - this.#beforeMs) / 1_000;
    const time = new Date(atMs);
    const rows = counters.map((now) => {
      const before = this.#before.get(now.name);
      return {
        time,
        interface: now.name,
        rx_bytes_per_s: rate(before?.rxBytes, now.rxBytes, seconds),
        tx_bytes_per_s: rate(before?.txBytes, now.txBytes, seconds),
      };
    });
    this.#before = new Map(counters.map((now) => [now.name, now]));
    this.#beforeMs = atMs;
    if (rows.length === 0) return [];
    this.#recent.add(atMs, rows);
    return [{ rows, header: SAMPLES_HEADER }];
  }

  whole() {
    return this.#recent.all();
  }
}

/** Null where there is nothing to compare, or the counter began anew. */
function rate(before: number | null | undefined, now: number | null, seconds: number): number | null {
  if (before === null || before === undefined || now === null || now < before || seconds <= 0) return null;
  return round((now - before) / seconds, 1);
}
