import { Cadence } from './cadence.ts';
import { createProducer, type Producer, type ProducerOptions } from './producer.ts';
import { CpuTable } from './system/cpu-table.ts';
import { DisksTable } from './system/disks-table.ts';
import { MemoryTable } from './system/memory-table.ts';
import { NetworkTable } from './system/network-table.ts';
import { ProcessesTable } from './system/processes-table.ts';
import { type SystemReadings, systemReadings } from './system/system-readings.ts';
import type { SystemTable } from './system/system-table.ts';

export interface SystemSourceOptions extends Omit<ProducerOptions, 'snapshotOf'> {
  readonly readings?: SystemReadings;
  /** A table could not be read or sent: once when it begins to fail, not at each retry. */
  readonly onTableError?: (table: string, error: unknown) => void;
}

export interface SystemSource {
  readonly producer: Producer;
  /** Idempotent. */
  close(): Promise<void>;
}

const MAX_PAUSE_MS = 30_000;

/**
 * Publishes this machine's metrics: `cpu`, `memory`, `network`, `disks`, `processes`. Each table has a cadence of its own; one that
 * is slow or fails leaves itself out and delays no other.
 *
 * @throws TablecastError `bad_parameter` where an address cannot be used
 */
export function startSystemSource(options: SystemSourceOptions): SystemSource {
  const { readings = systemReadings, onTableError = () => {}, now = Date.now, ...producerOptions } = options;
  const tables: SystemTable[] = [
    new CpuTable(readings, now),
    new MemoryTable(readings, now),
    new NetworkTable(readings, now),
    new DisksTable(readings),
    new ProcessesTable(readings),
  ];
  const byName = new Map(tables.map((table) => [table.name, table]));
  const producer = createProducer({
    ...producerOptions,
    now,
    snapshotOf: (name) => byName.get(name)?.whole(),
  });
  const cadences = tables.map((table) => startTable(table, producer, onTableError));
  return {
    producer,
    async close() {
      for (const cadence of cadences) cadence.close();
      await producer.close();
    },
  };
}

function startTable(
  table: SystemTable,
  producer: Producer,
  onTableError: (table: string, error: unknown) => void,
): Cadence {
  let isFailing = false;
  return new Cadence({
    intervalMs: table.intervalMs,
    firstRunMs: table.firstReadMs,
    maxDutyCycle: table.maxDutyCycle,
    maxPauseMs: MAX_PAUSE_MS,
    async run() {
      const begunMs = performance.now();
      const publications = await table.read();
      const costMs = performance.now() - begunMs;
      // Published in one go, so that what whole() tells is always the state as of the last seq.
      await Promise.all(
        publications.map(({ rows, header }) => producer.publish(table.name, rows, header, table.columns)),
      );
      isFailing = false;
      return costMs;
    },
    onError(error) {
      if (!isFailing) onTableError(table.name, error);
      isFailing = true;
    },
  });
}
