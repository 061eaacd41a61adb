import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../support/wait-for.ts';

/** The path of a table's page with a shaped chart. */
export function withSpec(table: string, spec: unknown): string {
  return `?table=${table}&chart=${encodeURIComponent(JSON.stringify(spec))}`;
}

/** The shaped chart that the page's address says; null for none. */
export function specOf(page: Page): unknown {
  return JSON.parse(new URL(page.url()).searchParams.get('chart') ?? 'null');
}

export function chart(page: Page, name: string | RegExp): Locator {
  return page.getByRole('img', { name });
}

/** Opens the form that shapes the chart, in English. */
export async function shape(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Shape the chart' }).click();
  await page.getByRole('form', { name: /^Chart of / }).waitFor();
}

/** For what a page shows a moment later. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await waitFor(condition, { what: 'the page', timeoutMs: 20_000 });
}
