import type { Browser, Page } from 'playwright-core';
import { readJson } from '../support/gateway-http.ts';
import { waitFor } from '../support/wait-for.ts';

export interface ExamplePage {
  readonly page: Page;
  /** What it complained of; browsers ask for an icon by themselves. */
  readonly complaints: readonly string[];
}

export async function newExamplePage(browser: Browser): Promise<ExamplePage> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.endsWith('favicon.ico'))
      complaints.push(message.text());
  });
  return { page, complaints };
}

export async function openExamplePage(browser: Browser, url: string): Promise<ExamplePage> {
  const opened = await newExamplePage(browser);
  await opened.page.goto(url);
  return opened;
}

/** Waits until the gateway shows rows of each of these tables; `url` ends without a slash. */
export async function rowsAreThere(url: string, tables: readonly string[]): Promise<void> {
  for (const table of tables)
    await waitFor(() => readJson<unknown[]>(url, `tables/${table}.json`).then(({ length }) => length > 0), {
      what: `rows of ${table}`,
    });
}

/** Waits until the picture is there, and resolves with its width in pixels of its own. */
export async function imageWidth(page: Page, name: string): Promise<number> {
  const image = page.getByRole('img', { name });
  return waitFor(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth), {
    what: `the picture ${name}`,
  });
}
