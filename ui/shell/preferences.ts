import { loadTexts } from '../locales/locale.ts';
import { createLanguageControl, type LanguageControl } from './language.ts';
import { createSingleKeyControl, type SingleKeyControl } from './single-keys.ts';
import { createThemeControl, type ThemeControl } from './theme.ts';
import { createUpColourControl, type UpColourControl } from './up-colours.ts';

/** What the viewer chose for the whole page. */
export interface Preferences {
  readonly theme: ThemeControl;
  readonly language: LanguageControl;
  readonly upColours: UpColourControl;
  readonly singleKeys: SingleKeyControl;
  close(): void;
}

export function createPreferences(options: {
  readonly window: Window;
  /** Null where the browser forbids storage. */
  readonly storage: Storage | null;
  readonly onError: (error: unknown) => void;
}): Preferences {
  const { window, storage, onError } = options;
  const root = window.document.documentElement;
  const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');
  const theme = createThemeControl({ root, storage, systemIsDark });
  const { languages } = window.navigator;
  const language = createLanguageControl({ root, storage, languages, load: loadTexts, onError });
  const upColours = createUpColourControl({ root, storage, locale: language.locale });
  return {
    theme,
    language,
    upColours,
    singleKeys: createSingleKeyControl(storage),
    close() {
      upColours.close();
      theme.close();
    },
  };
}
