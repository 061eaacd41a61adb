import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';
import { chromiumOptions } from './chromium-options.ts';

/**
 * The system's Chromium, headless: the one that all test files of a project share, where it has one, and else one more.
 * Closing it closes what was opened by it, and the shared one stays. `isOwn`: one more for what a browser has but one of,
 * the clipboard.
 */
export async function launchChromium({ isOwn = false } = {}): Promise<Browser> {
  const shared = isOwn ? undefined : inject('chromium');
  return shared === undefined ? chromium.launch(chromiumOptions()) : chromium.connect(shared);
}
