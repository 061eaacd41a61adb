import type { Page } from 'playwright-core';

export interface Flash {
  readonly change: string;
  readonly text: string;
  readonly colour: string;
}

/** From now on keeps what flashes, for a flash is over sooner than a test may look. */
export async function recordFlashes(page: Page): Promise<() => Promise<Flash[]>> {
  const flashes = await page.evaluateHandle(() => {
    const seen: { change: string; text: string; colour: string }[] = [];
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const cell = target as HTMLElement;
        const { flash: change } = cell.dataset;
        if (change === undefined || change === 'faded') continue;
        seen.push({ change, text: cell.textContent ?? '', colour: getComputedStyle(cell).backgroundColor });
      }
    });
    observer.observe(document.body, { subtree: true, attributeFilter: ['data-flash'] });
    return seen;
  });
  return () => flashes.evaluate((seen) => seen);
}
