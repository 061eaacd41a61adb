import { TablecastError } from '../../protocol/errors.ts';
import type { SharedTexts } from '../log/log.ts';
import type { DashboardPlace, SavedText } from './dashboard-place.ts';

/** Dashboards that all gateways of a log have. */
export class SharedDashboards implements DashboardPlace {
  readonly #texts: SharedTexts;

  constructor(texts: SharedTexts) {
    this.#texts = texts;
  }

  read(): SavedText[] {
    return [...this.#texts.all()].map(([name, text]) => savedOf(name, text));
  }

  /** `null` where it was removed. */
  onChange(listener: (name: string, saved: SavedText | null) => void): void {
    this.#texts.onChange((name, text) => listener(name, text === null ? null : savedOf(name, text)));
  }

  async write(dashboards: readonly SavedText[], changed: string): Promise<void> {
    const saved = dashboards.find(({ name }) => name === changed);
    const text =
      saved === undefined ? null : JSON.stringify({ saved_at_ms: saved.savedAtMs, text: saved.text });
    if (await this.#texts.set(changed, text)) return;
    throw new TablecastError(
      'dashboard_changed',
      `The dashboard ${JSON.stringify(changed)} was changed at another gateway meanwhile; read it again before you change it.`,
    );
  }
}

function savedOf(name: string, kept: string): SavedText {
  const { saved_at_ms, text } = JSON.parse(kept) as { saved_at_ms: number; text: string };
  return { name, text, savedAtMs: saved_at_ms };
}
