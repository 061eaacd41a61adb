import type { SystemReadings } from './system-readings.ts';
import { columnsOf, type Publication, round, type SystemTable, toGib } from './system-table.ts';

const GIB = { type: 'float64', unit: 'GiB' } as const;

export class DisksTable implements SystemTable {
  readonly name = 'disks';
  readonly intervalMs = 5_000;
  readonly firstReadMs = 0;
  readonly maxDutyCycle = 0.08;
  readonly columns = columnsOf({
    mount: { type: 'utf8', label: 'Mounted at' },
    used_percent: { type: 'float64', label: 'Used', unit: '%' },
    used_gib: { ...GIB, label: 'Used' },
    available_gib: { ...GIB, label: 'Available' },
    size_gib: { ...GIB, label: 'Size' },
    type: { type: 'utf8', label: 'File system' },
    device: { type: 'utf8', label: 'Device' },
  });
  readonly #readings: SystemReadings;

  constructor(readings: SystemReadings) {
    this.#readings = readings;
  }

  async read(): Promise<readonly Publication[]> {
    const disks = (await this.#readings.disks()).filter((disk) => disk.sizeBytes > 0);
    if (disks.length === 0) return [];
    const rows = disks.map((disk) => ({
      mount: disk.mount,
      used_percent: round(disk.usedPercent, 1),
      used_gib: toGib(disk.usedBytes),
      available_gib: toGib(disk.availableBytes),
      size_gib: toGib(disk.sizeBytes),
      type: disk.type,
      device: disk.device,
    }));
    return [{ rows, header: { op: 'replace' } }];
  }

  whole() {
    return undefined;
  }
}
