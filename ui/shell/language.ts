import { batch, type ReadonlySignal, signal } from '@preact/signals-core';
import { en, type Texts } from '../locales/en.ts';
import { isLocale, LANGUAGE_TAGS, type Locale, preferredLocale } from '../locales/locale.ts';

const STORAGE_KEY = 'tablecast.language';

export interface LanguageControl {
  readonly locale: ReadonlySignal<Locale>;
  readonly texts: ReadonlySignal<Texts>;
  /** False until the texts of the first language are there. */
  readonly isReady: ReadonlySignal<boolean>;
  /** Remembered. Where the texts do not load, the language stays. */
  choose(locale: Locale): Promise<void>;
}

export interface LanguageOptions {
  readonly root: HTMLElement;
  /** Null where the browser forbids storage. */
  readonly storage: Storage | null;
  /** What the viewer reads, the best first, as `navigator.languages` says. */
  readonly languages: readonly string[];
  readonly load: (locale: Exclude<Locale, 'en'>) => Promise<Texts>;
  readonly onError: (error: unknown) => void;
}

/** The page's language: the viewer's choice, else the first that the browser asks for. Keeps `<html lang>` to it. */
export function createLanguageControl(options: LanguageOptions): LanguageControl {
  const locale = signal<Locale>('en');
  const texts = signal<Texts>(en);
  const isReady = signal(false);
  let wanted: Locale = 'en';

  async function show(next: Locale): Promise<void> {
    wanted = next;
    try {
      const loaded = next === 'en' ? en : await options.load(next);
      if (wanted !== next) return;
      batch(() => {
        locale.value = next;
        texts.value = loaded;
      });
    } catch (error) {
      options.onError(error);
    }
    options.root.lang = LANGUAGE_TAGS[locale.peek()];
    isReady.value = true;
  }

  const stored = options.storage?.getItem(STORAGE_KEY);
  void show(isLocale(stored) ? stored : preferredLocale(options.languages));
  return {
    locale,
    texts,
    isReady,
    async choose(next) {
      options.storage?.setItem(STORAGE_KEY, next);
      await show(next);
    },
  };
}
