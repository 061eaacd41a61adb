import type { ProcessReading, SystemReadings } from './system-readings.ts';
import { columnsOf, type Publication, round, type SystemTable } from './system-table.ts';

/** The start is computed from the age in whole seconds, so it jitters from reading to reading. */
const STARTED_JITTER_MS = 5_000;
/** How often all rows are sent instead of the changes: what a gateway has missed is right again after that. */
const WHOLE_EVERY_READS = 30;

type ProcessRow = ReturnType<typeof rowOf>;

/**
 * Processes by `pid`: the first publication is the whole table, later ones are the rows that changed and the keys that ended.
 *
 * Command lines are not published, for they may hold secrets; neither are the helper processes of reading itself.
 */
export class ProcessesTable implements SystemTable {
  readonly name = 'processes';
  readonly intervalMs = 2_000;
  readonly firstReadMs = 0;
  readonly maxDutyCycle = 0.08;
  readonly columns = columnsOf({
    pid: { type: 'int32', label: 'PID' },
    name: { type: 'utf8', label: 'Name' },
    cpu_percent: { type: 'float64', label: 'CPU', unit: '%' },
    memory_percent: { type: 'float64', label: 'Memory', unit: '%' },
    rss_mib: { type: 'float64', label: 'Resident memory', unit: 'MiB' },
    user: { type: 'utf8', label: 'User' },
    state: { type: 'utf8', label: 'State' },
    started: { type: 'timestamp[ms, UTC]', label: 'Started' },
  });
  readonly #readings: SystemReadings;
  #known = new Map<number, ProcessRow>();
  #readCount = 0;

  constructor(readings: SystemReadings) {
    this.#readings = readings;
  }

  async read(): Promise<readonly Publication[]> {
    const processes = withoutHelpers(await this.#readings.processes());
    if (processes.length === 0) return [];
    const before = this.#known;
    const isFirst = this.#readCount === 0;
    this.#known = new Map(
      processes.map((process) => [process.pid, rowOf(process, before.get(process.pid), isFirst)]),
    );
    const whole = this.#readCount++ % WHOLE_EVERY_READS === 0;
    return whole
      ? [{ rows: this.whole(), header: { op: 'replace', key: 'pid' } }]
      : changes(before, this.#known);
  }

  whole(): ProcessRow[] {
    return [...this.#known.values()];
  }
}

function changes(
  before: ReadonlyMap<number, ProcessRow>,
  now: ReadonlyMap<number, ProcessRow>,
): Publication[] {
  const ended = [...before.keys()].filter((pid) => !now.has(pid)).map((pid) => ({ pid }));
  const changed = [...now.values()].filter((row) => !sameRow(before.get(row.pid), row));
  return [
    ...(ended.length === 0 ? [] : [{ rows: ended, header: { op: 'delete', key: 'pid' } as const }]),
    ...(changed.length === 0 ? [] : [{ rows: changed, header: { op: 'upsert', key: 'pid' } as const }]),
  ];
}

/** CPU time is measured from reading to reading, so the first reading does not know it. */
function rowOf(process: ProcessReading, before: { started: Date | null } | undefined, isFirst: boolean) {
  return {
    pid: process.pid,
    name: process.name,
    cpu_percent: isFirst ? null : round(process.cpuPercent, 1),
    memory_percent: round(process.memoryPercent, 1),
    rss_mib: round(process.rssKib / 1_024, 1),
    user: process.user,
    state: process.state,
    started: startedOf(process.started, before?.started ?? null),
  };
}

function startedOf(text: string, before: Date | null): Date | null {
  const started = new Date(text.replace(' ', 'T'));
  if (Number.isNaN(started.getTime())) return before;
  const isSame = before !== null && Math.abs(started.getTime() - before.getTime()) < STARTED_JITTER_MS;
  return isSame ? before : started;
}

function sameRow(a: ProcessRow | undefined, b: ProcessRow): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

function withoutHelpers(processes: readonly ProcessReading[]): ProcessReading[] {
  const parents = new Map(processes.map(({ pid, parentPid }) => [pid, parentPid]));
  const isHelper = (pid: number): boolean => {
    const seen = new Set<number>();
    for (let at = parents.get(pid); at !== undefined && !seen.has(at); at = parents.get(at)) {
      if (at === process.pid) return true;
      seen.add(at);
    }
    return false;
  };
  return processes.filter(({ pid }) => !isHelper(pid));
}
