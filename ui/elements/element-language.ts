import { en, type Texts } from '../locales/en.ts';
import { LANGUAGE_TAGS, type Locale, loadTexts, preferredLocale } from '../locales/locale.ts';

export interface ElementLanguage {
  readonly locale: Locale;
  readonly texts: Texts;
  /** As the document is told. */
  readonly tag: string;
}

/** The language of the element's nearest `lang`, its own included, else the viewer's; English where its texts do not load. */
export async function elementLanguage(
  element: Element,
  languages: readonly string[],
): Promise<ElementLanguage> {
  const said = nearestLanguage(element);
  const locale = preferredLocale(said === null ? languages : [said]);
  try {
    const texts = locale === 'en' ? en : await loadTexts(locale);
    return { locale, texts, tag: LANGUAGE_TAGS[locale] };
  } catch {
    return { locale: 'en', texts: en, tag: LANGUAGE_TAGS.en };
  }
}

/** Shadow trees take it from their hosts. */
function nearestLanguage(element: Element): string | null {
  const found = element.closest<HTMLElement>('[lang]:not([lang=""])');
  if (found !== null) return found.lang;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? nearestLanguage(root.host) : null;
}
