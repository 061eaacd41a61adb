import type { Locale } from '../locale.ts';
import { type BuilderTexts, builderEn } from './builder-en.ts';

/** The form's texts in a language of the page. */
export async function loadBuilderTexts(locale: Locale): Promise<BuilderTexts> {
  switch (locale) {
    case 'en':
      return builderEn;
    case 'zh':
      return (await import('./builder-zh.ts')).builderZh;
    case 'ja':
      return (await import('./builder-ja.ts')).builderJa;
    default:
      return locale satisfies never;
  }
}
