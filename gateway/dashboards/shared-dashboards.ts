import { parseDashboardText } from '../../protocol/dashboard/dashboard.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { SharedTexts } from '../log/log.ts';
import type { DashboardPlace, SavedText } from './dashboard-place.ts';

export interface SharedDashboardsOptions {
  readonly texts: SharedTexts;
  /** Called with what cannot be read here, as what a newer release has saved; it is left out, and kept for those that can. */
  readonly onUnreadable: (error: TablecastError) => void;
}

/** Dashboards that all gateways of a log have. */
export class SharedDashboards implements DashboardPlace {
  readonly #texts: SharedTexts;
  readonly #onUnreadable: SharedDashboardsOptions['onUnreadable'];
  readonly #unreadable = new Set<string>();

  constructor({ texts, onUnreadable }: SharedDashboardsOptions) {
    this.#texts = texts;
    this.#onUnreadable = onUnreadable;
  }

  read(): SavedText[] {
    return [...this.#texts.all()].flatMap(([name, text]) => this.#read(name, text) ?? []);
  }

  /** `null` where it was removed, or cannot be read. */
  onChange(listener: (name: string, saved: SavedText | null) => void): void {
    this.#texts.onChange((name, text) => listener(name, this.#read(name, text)));
  }

  async write(dashboards: readonly SavedText[], changed: string): Promise<void> {
    if (this.#unreadable.has(changed)) throw unreadable(changed);
    const saved = dashboards.find(({ name }) => name === changed);
    const text =
      saved === undefined ? null : JSON.stringify({ saved_at_ms: saved.savedAtMs, text: saved.text });
    if (await this.#texts.set(changed, text)) return;
    throw new TablecastError(
      'dashboard_changed',
      `The dashboard ${JSON.stringify(changed)} was changed at another gateway meanwhile; read it again before you change it.`,
    );
  }

  #read(name: string, kept: string | null): SavedText | null {
    this.#unreadable.delete(name);
    if (kept === null) return null;
    try {
      return savedOf(name, kept);
    } catch (cause) {
      this.#unreadable.add(name);
      this.#onUnreadable(unreadable(name, cause));
      return null;
    }
  }
}

function unreadable(name: string, cause?: unknown): TablecastError {
  return new TablecastError(
    'dashboard_changed',
    `The dashboard ${JSON.stringify(name)} was saved at another gateway in a form that this one cannot read, so it is not shown here; update this gateway, or choose another name.`,
    { cause },
  );
}

/** @throws where it is no dashboard that this release can read */
function savedOf(name: string, kept: string): SavedText {
  const { saved_at_ms, text } = JSON.parse(kept) as { saved_at_ms: number; text: string };
  parseDashboardText(text);
  return { name, text, savedAtMs: saved_at_ms };
}
