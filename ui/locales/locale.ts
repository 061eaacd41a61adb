import type { Texts } from './en.ts';

/** The languages of the page, each by its own name. */
export const LANGUAGES = { en: 'English', zh: '中文', ja: '日本語' } as const;

export type Locale = keyof typeof LANGUAGES;

/** As the document and its fonts are told. */
export const LANGUAGE_TAGS: Readonly<Record<Locale, string>> = { en: 'en', zh: 'zh-Hans', ja: 'ja' };

/** The first language that the page has, as a browser lists what its viewer reads; English for none. */
export function preferredLocale(languages: readonly string[]): Locale {
  const locales = languages.map((language) => language.toLowerCase().split('-')[0]);
  return locales.find(isLocale) ?? 'en';
}

export function isLocale(value: unknown): value is Locale {
  return typeof value === 'string' && Object.hasOwn(LANGUAGES, value);
}

/** Loads the texts of a language that is not English. */
export async function loadTexts(locale: Exclude<Locale, 'en'>): Promise<Texts> {
  switch (locale) {
    case 'zh':
      return (await import('./zh.ts')).zh;
    case 'ja':
      return (await import('./ja.ts')).ja;
  }
}
