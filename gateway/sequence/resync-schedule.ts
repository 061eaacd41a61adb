interface Wanted {
  dueMs: number;
  waitMs: number;
  askedMs: number | null;
}

/** Between two requests for one table; doubled while they are in vain, up to the most. */
const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 30_000;

/** When to ask for which table: at once, and again while something is missing, ever more seldom. */
export class ResyncSchedule {
  readonly #wanted = new Map<string, Wanted>();
  /** Tables that are whole again, and when they may be asked for anew. */
  readonly #resting = new Map<string, number>();

  has(table: string): boolean {
    return this.#wanted.has(table);
  }

  want(table: string, nowMs: number): void {
    if (this.#wanted.has(table)) return;
    const dueMs = Math.max(nowMs, this.#resting.get(table) ?? nowMs);
    this.#wanted.set(table, { dueMs, waitMs: MIN_WAIT_MS, askedMs: null });
  }

  /** Somebody who may answer has come: it is asked soon, however often others were in vain. */
  hasten(table: string, nowMs: number): void {
    const wanted = this.#wanted.get(table);
    if (wanted === undefined) return;
    wanted.waitMs = MIN_WAIT_MS;
    wanted.dueMs = Math.max(nowMs, wanted.askedMs === null ? nowMs : wanted.askedMs + MIN_WAIT_MS);
  }

  /** The whole table came: what is missing from now on is asked for soon, however often it was in vain before. */
  answered(table: string): void {
    const wanted = this.#wanted.get(table);
    if (wanted === undefined) return;
    this.#wanted.delete(table);
    if (wanted.askedMs !== null) this.#resting.set(table, wanted.askedMs + MIN_WAIT_MS);
  }

  keepOnly(isWanted: (table: string) => boolean): void {
    for (const table of this.#wanted.keys()) if (!isWanted(table)) this.answered(table);
  }

  /** The tables to ask for now; they count as asked for. */
  due(nowMs: number): string[] {
    for (const [table, untilMs] of this.#resting) if (untilMs <= nowMs) this.#resting.delete(table);
    const tables: string[] = [];
    for (const [table, wanted] of this.#wanted) {
      if (wanted.dueMs > nowMs) continue;
      tables.push(table);
      wanted.askedMs = nowMs;
      wanted.dueMs = nowMs + wanted.waitMs;
      wanted.waitMs = Math.min(MAX_WAIT_MS, wanted.waitMs * 2);
    }
    return tables;
  }
}
