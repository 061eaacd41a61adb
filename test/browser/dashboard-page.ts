import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { openViewerPage, type ViewerPage } from './viewer-page.ts';

export interface OpenedDashboard extends ViewerPage {
  panel(name: string): Locator;
  /** Columns and rows of the grid: x, y, width, height. */
  place(name: string): Promise<readonly number[]>;
  /** Names in the document's order. */
  names(): Promise<string[]>;
  button(name: string | RegExp): Locator;
  /** Draws that commits caused, of each panel's chart or grid, by its title. */
  panelDraws(): Promise<Record<string, number>>;
}

/** A dashboard's page, with its title there. */
export async function openDashboard(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenedDashboard> {
  const viewer = await openViewerPage(browser, address, {
    permissions: ['clipboard-read', 'clipboard-write'],
    bypassCSP: true,
    ...options,
  });
  const { page } = viewer;
  await page.locator('tablecast-dashboard h1').waitFor({ state: 'attached' });
  const panel = (name: string) =>
    page
      .locator('tablecast-dashboard-panel')
      .filter({ has: page.getByRole('heading', { level: 2, name, exact: true }) });
  return {
    ...viewer,
    panel,
    place: (name) =>
      panel(name).evaluate((element) =>
        ['--x', '--y', '--width', '--height'].map(
          (property, i) =>
            Number((element as HTMLElement).style.getPropertyValue(property)) - (i < 2 ? 1 : 0),
        ),
      ),
    names: () => page.locator('tablecast-dashboard-panel h2').allTextContents(),
    button: (name) => page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name }),
    panelDraws: () =>
      page.evaluate(() =>
        Object.fromEntries(
          [...document.querySelectorAll('tablecast-dashboard-panel')].map((element) => [
            element.querySelector('h2')?.textContent ?? '',
            Number(element.querySelector<HTMLElement>('[data-draws]')?.dataset.draws ?? -1),
          ]),
        ),
      ),
  };
}

/** Saves a dashboard as a program would; `replaces` is for one that is there. */
export async function saveDashboard(
  url: string,
  name: string,
  dashboard: object,
  replaces = false,
): Promise<void> {
  const response = await fetch(`${url}dashboards/${encodeURIComponent(name)}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...(replaces ? { 'if-match': '*' } : {}) },
    body: JSON.stringify(dashboard),
  });
  if (!response.ok)
    throw new Error(`PUT /dashboards/${name} answered ${response.status}: ${await response.text()}`);
}
