import { describe, expect, it } from 'vitest';
import { en } from '../../../ui/locales/en.ts';
import { ja } from '../../../ui/locales/ja.ts';
import { LANGUAGES, loadTexts, preferredLocale } from '../../../ui/locales/locale.ts';
import { zh } from '../../../ui/locales/zh.ts';
import { createLanguageControl } from '../../../ui/shell/language.ts';
import { waitFor } from '../../support/wait-for.ts';

function createStorage(content: Record<string, string> = {}): Storage {
  const items = new Map(Object.entries(content));
  return {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
  } as Storage;
}

function createControl(languages: readonly string[], storage: Storage | null = createStorage()) {
  const root = { lang: '' } as HTMLElement;
  const errors: unknown[] = [];
  const control = createLanguageControl({
    root,
    storage,
    languages,
    load: loadTexts,
    onError: (error) => errors.push(error),
  });
  const ready = () => waitFor(() => control.isReady.value, { what: 'the texts' });
  return { control, root, errors, ready, storage };
}

describe('the language of the page', () => {
  it.each([
    [['en-GB', 'ja'], 'en'],
    [['zh-TW', 'en'], 'zh'],
    [['fr', 'ja-JP', 'en'], 'ja'],
    [['fr'], 'en'],
    [[], 'en'],
    [['toString', 'constructor'], 'en'],
  ])('is of %j %s', (languages, locale) => {
    expect(preferredLocale(languages)).toBe(locale);
  });

  it('is there before the page says anything, and the document says which it is', async () => {
    const { control, root, ready } = createControl(['zh-CN']);
    expect(control.isReady.value).toBe(false);
    await ready();
    expect([control.texts.value.live, root.lang, control.locale.value]).toEqual([zh.live, 'zh-Hans', 'zh']);
  });

  it('is remembered once it was chosen', async () => {
    const first = createControl(['en']);
    await first.control.choose('ja');
    expect(first.control.texts.value).toBe(ja);
    const second = createControl(['en'], first.storage);
    await second.ready();
    expect([second.control.locale.value, second.root.lang]).toEqual(['ja', 'ja']);
  });

  it('stays what it is where the texts do not load', async () => {
    const root = { lang: '' } as HTMLElement;
    const errors: unknown[] = [];
    const control = createLanguageControl({
      root,
      storage: null,
      languages: ['ja'],
      load: () => Promise.reject(new TypeError('no line')),
      onError: (error) => errors.push(error),
    });
    await waitFor(() => control.isReady.value, { what: 'an answer' });
    expect([control.texts.value, root.lang, errors.length]).toEqual([en, 'en', 1]);
  });

  it('says something of its own for every text, with the same numbers and names in it', () => {
    for (const texts of [zh, ja]) expect(untranslated(en, texts, '')).toEqual([]);
    expect(Object.keys(LANGUAGES)).toEqual(['en', 'zh', 'ja']);
  });
});

/** Names, signs, and what is the same in every language. */
const SHARED =
  /^\.(appName|nullCell|formats\..*|version|size|count|grid\.conditions\.[=≠<≤≥>]|grid\.statisticNames\.nans|grid\.moreThan)$/;

function untranslated(from: unknown, to: unknown, path: string): string[] {
  if (typeof from === 'object' && from !== null) {
    return Object.entries(from).flatMap(([name, text]) =>
      untranslated(text, (to as Record<string, unknown>)[name], `${path}.${name}`),
    );
  }
  if (SHARED.test(path)) return [];
  if (typeof from === 'function' && typeof to === 'function') {
    const [a, b] = [from, to].map((text) => String(text('count', 'max', 'sum')));
    return a === b || a === '' || b === '' ? [path] : [];
  }
  return from === to || to === '' ? [path] : [];
}
