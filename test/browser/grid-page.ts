import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { openViewerPage, type ViewerPage } from './viewer-page.ts';

export interface GridPage extends ViewerPage {
  readonly grid: Locator;
  /** The texts of a column's cells in view, from the top. */
  column(label: string): Promise<string[]>;
  /** Opens a column's menu by its button. */
  openMenu(label: string): Promise<void>;
  /** Chooses an item of the menu that is open. */
  choose(item: string): Promise<void>;
  headers(): Promise<string[]>;
  activeText(): Promise<string | null>;
  /** The row number that assistive technology is told of the first row in view, from 0. */
  firstRow(): Promise<number>;
}

/** The page of one table, with its first rows drawn. */
export async function openGridPage(
  browser: Browser,
  url: string,
  table: string,
  options: BrowserContextOptions = {},
): Promise<GridPage> {
  const viewer = await openViewerPage(browser, `${url}?table=${table}`, {
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  const { page } = viewer;
  const grid = page.getByRole('grid', { name: table });
  await grid.getByRole('gridcell').first().waitFor();
  return {
    ...viewer,
    grid,
    column: (label) =>
      grid.evaluate((element, name) => {
        const header = [...element.querySelectorAll('th')].find(
          (th) => th.getAttribute('aria-label') === name,
        );
        const index = header?.getAttribute('aria-colindex');
        return [...element.querySelectorAll(`td[aria-colindex="${index}"]`)].map(
          (td) => td.textContent ?? '',
        );
      }, label),
    async openMenu(label) {
      await grid.getByRole('columnheader', { name: label, exact: true }).hover();
      await page.getByRole('button', { name: `Menu of ${label}`, exact: true }).click();
      await page.getByRole('menu', { name: `Menu of ${label}`, exact: true }).waitFor();
    },
    choose: (item) => page.locator('[role=menu]').getByText(item, { exact: true }).click(),
    headers: () =>
      grid.evaluate((element) =>
        [...element.querySelectorAll('th')].map((th) => th.getAttribute('aria-label') ?? ''),
      ),
    activeText: () =>
      grid.evaluate(
        (element) =>
          document.getElementById(element.getAttribute('aria-activedescendant') ?? '')?.textContent ?? null,
      ),
    firstRow: () =>
      grid.evaluate(
        (element) => Number(element.querySelector('tbody tr')?.getAttribute('aria-rowindex')) - 2,
      ),
  };
}
