import type { Locale } from '../locales/locale.ts';

/** ECharts' own texts: it brings the English and Chinese ones, and shows no others than these beside them. */
export const JAPANESE = {
  time: {
    month: months((number) => `${number}月`),
    monthAbbr: months((number) => `${number}月`),
    dayOfWeek: [...'日月火水木金土'].map((day) => `${day}曜日`),
    dayOfWeekAbbr: [...'日月火水木金土'],
  },
};

/** The name under which ECharts knows a language. */
export const CHART_LOCALES: Readonly<Record<Locale, string>> = { en: 'EN', zh: 'ZH', ja: 'JA' };

function months(name: (number: number) => string): string[] {
  return Array.from({ length: 12 }, (_, i) => name(i + 1));
}
