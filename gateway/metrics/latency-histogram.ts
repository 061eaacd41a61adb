/** Seconds. From what a machine's own loop takes to what people give up at. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;
/** Clocks that count whole milliseconds may say that much less than nothing. */
const CLOCK_STEP_SECONDS = 0.001;

/** What a histogram has counted: durations in each bucket, and their sum. */
export interface HistogramReading {
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

export const EMPTY_HISTOGRAM: HistogramReading = {
  counts: Array.from({ length: BOUNDS.length + 1 }, () => 0),
  sumSeconds: 0,
};

export function addHistograms(a: HistogramReading, b: HistogramReading): HistogramReading {
  return {
    counts: a.counts.map((count, i) => count + (b.counts[i] ?? 0)),
    sumSeconds: a.sumSeconds + b.sumSeconds,
  };
}

/**
 * A histogram of durations that costs an observer a few comparisons: publications come by the hundred thousand a second.
 * It is written out in the Prometheus text format (version 0.0.4).
 */
export class LatencyHistogram {
  readonly #name: string;
  readonly #help: string;
  readonly #counts = new Float64Array(BOUNDS.length + 1);
  #sumSeconds = 0;

  constructor(options: { readonly name: string; readonly help: string }) {
    this.#name = options.name;
    this.#help = options.help;
  }

  /** A duration below nothing comes from clocks that differ, and is left out. */
  observe(seconds: number): void {
    if (!(seconds >= -CLOCK_STEP_SECONDS)) return;
    let bucket = 0;
    while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]!) bucket++;
    this.#counts[bucket]!++;
    if (seconds > 0) this.#sumSeconds += seconds;
  }

  reading(): HistogramReading {
    return { counts: [...this.#counts], sumSeconds: this.#sumSeconds };
  }

  /** `reading`: of all processes that observe it. */
  exposition({ counts, sumSeconds } = this.reading()): string {
    const lines = [`# HELP ${this.#name} ${this.#help}`, `# TYPE ${this.#name} histogram`];
    let count = 0;
    BOUNDS.forEach((bound, i) => {
      count += counts[i]!;
      lines.push(`${this.#name}_bucket{le="${bound}"} ${count}`);
    });
    count += counts[BOUNDS.length]!;
    lines.push(`${this.#name}_bucket{le="+Inf"} ${count}`);
    lines.push(`${this.#name}_sum ${sumSeconds}`, `${this.#name}_count ${count}`);
    return `${lines.join('\n')}\n`;
  }
}
