import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface Draws {
  readonly grid: number;
  readonly chart: number;
}

export interface ViewerPage {
  readonly page: Page;
  /** What the page complained of. */
  readonly complaints: readonly string[];
  /** Waits until this version is drawn. */
  drawn(version: number): Promise<void>;
  draws(): Promise<Draws>;
  status(): Promise<string>;
  /** Waits until the connection state says so. */
  statusBecomes(pattern: RegExp, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** The page, opened in a fresh context and drawn for the first time. */
export async function openViewerPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<ViewerPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  await page.waitForFunction(() => document.documentElement.dataset.version !== undefined);
  const status = page.locator('[role=status]');
  return {
    page,
    complaints,
    async drawn(version) {
      await page.waitForFunction(
        (wanted) => Number(document.documentElement.dataset.version) >= wanted,
        version,
      );
    },
    draws: () =>
      page.evaluate(() => {
        const count = (selector: string) =>
          Number(document.querySelector<HTMLElement>(selector)?.dataset.draws ?? -1);
        return { grid: count('[role=grid]'), chart: count('.chart') };
      }),
    status: async () => (await status.textContent()) ?? '',
    async statusBecomes(pattern, timeoutMs = 30_000) {
      await page.waitForFunction(
        ([source]) => new RegExp(source!).test(document.querySelector('[role=status]')?.textContent ?? ''),
        [pattern.source],
        { timeout: timeoutMs },
      );
    },
    close: () => context.close(),
  };
}
