import { cleanOption, type PublishedOption } from '../../protocol/chart/clean-option.ts';
import type { ChangeHeader } from '../../protocol/server-message.ts';

/** The charts that tables were published with, as the changes of commits tell them. */
export class PublishedCharts {
  readonly #options = new Map<string, PublishedOption>();

  get(table: string): PublishedOption | null {
    return this.#options.get(table) ?? null;
  }

  /** A snapshot tells all there is, other changes what is new. */
  note(change: ChangeHeader): void {
    if (change.op === 'drop') this.#options.delete(change.table);
    else if (change.chart !== undefined || change.snapshot) this.#set(change.table, change.chart ?? null);
  }

  /** What was told again stays the object that it is, so that its drawing does. */
  #set(table: string, chart: Readonly<Record<string, unknown>> | null): void {
    const option = chart === null ? null : cleaned(chart);
    if (option === null) this.#options.delete(table);
    else if (JSON.stringify(option) !== JSON.stringify(this.get(table))) this.#options.set(table, option);
  }
}

/** Null for what this page does not know how to draw: the chart is then chosen from the columns. */
function cleaned(chart: Readonly<Record<string, unknown>>): PublishedOption | null {
  try {
    return cleanOption(chart);
  } catch {
    return null;
  }
}
