export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** Whether a line can be written over: a bar then, else a line each few seconds. */
  readonly isTerminal: boolean;
  readonly isQuiet: boolean;
  readonly table: string;
  readonly nowMs: () => number;
}

export interface ProgressAt {
  /** Of the input, where they are known. */
  readonly readBytes: number;
  readonly sizeBytes: number | null;
}

const BAR_INTERVAL_MS = 100;
const LINE_INTERVAL_MS = 3000;
const BAR_CELLS = 20;
const CLEAR_LINE = '\r\x1b[2K';

/** Says how far a publication is: on a terminal as a bar in one line, elsewhere as plain lines now and then. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #startMs: number;
  #shownMs: number;
  #rows = 0;
  #hasBar = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#startMs = options.nowMs();
    this.#shownMs = this.#startMs;
  }

  get rows(): number {
    return this.#rows;
  }

  get elapsedMs(): number {
    return this.#options.nowMs() - this.#startMs;
  }

  advance(rowCount: number, at: ProgressAt): void {
    this.#rows += rowCount;
    const { isTerminal, isQuiet, nowMs, write } = this.#options;
    if (isQuiet || nowMs() - this.#shownMs < (isTerminal ? BAR_INTERVAL_MS : LINE_INTERVAL_MS)) return;
    this.#shownMs = nowMs();
    const text = this.#text(at);
    write(isTerminal ? `${CLEAR_LINE}${text}` : `${text}\n`);
    this.#hasBar = isTerminal;
  }

  /** The rows so far count for nothing. */
  restart(): void {
    this.#rows = 0;
  }

  /** A line of its own, where a bar may be. */
  line(text: string): void {
    this.clear();
    this.#options.write(`${text}\n`);
  }

  clear(): void {
    if (this.#hasBar) this.#options.write(CLEAR_LINE);
    this.#hasBar = false;
  }

  #text({ readBytes, sizeBytes }: ProgressAt): string {
    const elapsedS = this.elapsedMs / 1000;
    const rate = `${grouped(Math.round(this.#rows / elapsedS))} rows/s`;
    const counts = `${this.#options.table}: ${grouped(this.#rows)} rows, ${rate}`;
    if (sizeBytes === null || sizeBytes === 0) return counts;
    const share = Math.min(1, readBytes / sizeBytes);
    const left = share === 0 ? '' : `, ${seconds((elapsedS * (1 - share)) / share)} left`;
    const bar = this.#options.isTerminal ? `${barOf(share)} ` : '';
    return `${bar}${Math.floor(share * 100)}%  ${counts}${left}`;
  }
}

function barOf(share: number): string {
  const full = Math.round(share * BAR_CELLS);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_CELLS - full)}]`;
}

export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function seconds(count: number): string {
  if (count < 90) return `${Math.ceil(count)} s`;
  return count < 5400 ? `${Math.round(count / 60)} min` : `${(count / 3600).toFixed(1)} h`;
}
