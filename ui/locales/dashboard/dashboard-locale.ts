import type { Locale } from '../locale.ts';
import { type DashboardTexts, en } from './en.ts';

/** Texts that do not load are English. */
export async function loadDashboardTexts(locale: Locale): Promise<DashboardTexts> {
  try {
    switch (locale) {
      case 'en':
        return en;
      case 'zh':
        return (await import('./zh.ts')).zh;
      case 'ja':
        return (await import('./ja.ts')).ja;
    }
  } catch {
    return en;
  }
}
