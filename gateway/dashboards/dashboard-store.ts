import { createHash } from 'node:crypto';
import { type Dashboard, parseDashboardText } from '../../protocol/dashboard/dashboard.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { DashboardPlace, SavedText } from './dashboard-place.ts';

export interface SavedDashboard {
  readonly name: string;
  readonly dashboard: Dashboard;
  /** As JSON. */
  readonly text: string;
  /** A strong validator (RFC 9110, 8.8.3). */
  readonly etag: string;
  readonly savedAtMs: number;
}

/** Which state of a dashboard a request expects, as its headers say (RFC 9110, 13.1). */
export interface Expectation {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

export interface DashboardStoreOptions {
  /** Null keeps them in memory alone. */
  readonly place: DashboardPlace | null;
  readonly saved: readonly SavedText[];
  readonly now: () => number;
  /** Called where one was saved or removed. */
  readonly onChange: () => void;
}

/** All dashboards by name. What is answered as saved is in its place, where there is one; changes go one after the other. */
export class DashboardStore {
  readonly #options: DashboardStoreOptions;
  #dashboards: ReadonlyMap<string, SavedDashboard>;
  #last: Promise<unknown> = Promise.resolve();

  /** @throws TablecastError where a saved text is no dashboard */
  constructor(options: DashboardStoreOptions) {
    this.#options = options;
    this.#dashboards = new Map(options.saved.map((saved) => [saved.name, fromText(saved)]));
  }

  get dashboards(): ReadonlyMap<string, SavedDashboard> {
    return this.#dashboards;
  }

  /** @throws TablecastError `no_such_dashboard` */
  get(name: string): SavedDashboard {
    const saved = this.#dashboards.get(name);
    if (saved === undefined)
      throw new TablecastError('no_such_dashboard', `There is no dashboard ${JSON.stringify(name)}.`);
    return saved;
  }

  /**
   * Saves a dashboard under the name; `isNew` where there was none.
   *
   * @throws TablecastError `bad_body`, `bad_dashboard`, `dashboard_changed`, `condition_needed`, `too_many_dashboards`, `log_write_failed`
   */
  put(
    name: string,
    text: string,
    expectation: Expectation,
  ): Promise<{ saved: SavedDashboard; isNew: boolean }> {
    const saved = fromText({ name, text, savedAtMs: this.#options.now() });
    return this.#inTurn(async () => {
      const before = this.#dashboards.get(name);
      checkExpectation(name, before, expectation, true);
      if (before === undefined && this.#dashboards.size >= LIMITS.maxDashboards) {
        throw new TablecastError(
          'too_many_dashboards',
          `There are ${LIMITS.maxDashboards} dashboards already; delete one before ${JSON.stringify(name)} is saved.`,
        );
      }
      await this.#change(name, saved);
      return { saved, isNew: before === undefined };
    });
  }

  /** @throws TablecastError `no_such_dashboard`, `dashboard_changed`, `log_write_failed` */
  delete(name: string, expectation: Expectation): Promise<void> {
    return this.#inTurn(async () => {
      checkExpectation(name, this.get(name), expectation, false);
      await this.#change(name, null);
    });
  }

  async close(): Promise<void> {
    await this.#last.catch(() => {});
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#last.catch(() => {}).then(change);
    this.#last = turn;
    return turn;
  }

  /** Another gateway has saved it, or removed it where null. */
  take(name: string, saved: SavedText | null): void {
    this.#dashboards = this.#with(name, saved === null ? null : fromText(saved));
    this.#options.onChange();
  }

  async #change(name: string, saved: SavedDashboard | null): Promise<void> {
    const before = this.#dashboards.get(name);
    await this.#options.place?.write([...this.#with(name, saved).values()], name);
    // Another gateway may have changed others meanwhile, and this one after it was written.
    if (this.#dashboards.get(name) === before) this.#dashboards = this.#with(name, saved);
    this.#options.onChange();
  }

  #with(name: string, saved: SavedDashboard | null): ReadonlyMap<string, SavedDashboard> {
    const dashboards = new Map(this.#dashboards);
    if (saved === null) dashboards.delete(name);
    else dashboards.set(name, saved);
    return dashboards;
  }
}

function fromText({ name, text: given, savedAtMs }: SavedText): SavedDashboard {
  const dashboard = parseDashboardText(given);
  const text = JSON.stringify(dashboard);
  const digest = createHash('sha256').update(text).digest('base64url');
  return { name, text, savedAtMs, dashboard, etag: `"${digest.slice(0, 22)}"` };
}

/** Overwriting takes word of what is overwritten, so that nobody undoes the work of others without knowing. */
function checkExpectation(
  name: string,
  saved: SavedDashboard | undefined,
  { ifMatch, ifNoneMatch }: Expectation,
  isNeeded: boolean,
): void {
  const shown = JSON.stringify(name);
  if (ifMatch !== undefined && (saved === undefined || !names(ifMatch, saved.etag))) {
    const now = saved === undefined ? 'is not there' : `was changed meanwhile, and its ETag is ${saved.etag}`;
    throw new TablecastError(
      'dashboard_changed',
      `The dashboard ${shown} ${now}; read it again before you change it.`,
    );
  }
  if (ifNoneMatch !== undefined && saved !== undefined && names(ifNoneMatch, saved.etag)) {
    throw new TablecastError(
      'dashboard_changed',
      `There is a dashboard ${shown} already; choose another name, or name its ETag in If-Match.`,
    );
  }
  if (isNeeded && saved !== undefined && ifMatch === undefined && ifNoneMatch === undefined) {
    throw new TablecastError(
      'condition_needed',
      `The dashboard ${shown} exists; name the ETag that you have read in If-Match, or "*" to replace it whatever it is.`,
    );
  }
}

/** Weak tags match nothing here (RFC 9110, 13.1.1). */
function names(list: string, etag: string): boolean {
  return list.split(',').some((one) => ['*', etag].includes(one.trim()));
}
