import type { Browser, Locator, Page } from 'playwright-core';
import { launchChromium } from '../support/launch-chromium.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { newExamplePage } from './example-page.ts';
import { type ForeignSite, openForeignSite } from './foreign-site.ts';
import { publish } from './publish.ts';

/** A browser, a gateway with the tables `prices` (three rows by symbol) and `load` (twenty rows), and a site of somebody else. */
export interface ElementsWorld {
  readonly browser: Browser;
  readonly gateway: SpawnedGateway;
  readonly site: ForeignSite;
  /** A plain page of that site, with the one script and this body. */
  open(body: string, colorScheme?: 'light' | 'dark', head?: PageHead): Promise<ElementsPage>;
  close(): Promise<void>;
}

/** What the page brings of its own. */
export interface PageHead {
  readonly policy: string;
  readonly style: string;
}

export interface ElementsPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** WebSockets. */
  readonly lines: {
    readonly open: ReadonlySet<unknown>;
    readonly opened: number;
    /** Messages of the elements. */
    readonly sent: readonly { readonly type: string }[];
  };
  /** Of the table `prices`. */
  readonly grid: Locator;
  headers(): Promise<(string | null)[]>;
  cells(): Promise<string[]>;
  /** Of the page's first element; null takes it away. */
  setAttribute(name: string, value: string | null): Promise<void>;
}

export async function openElementsWorld(): Promise<ElementsWorld> {
  const [browser, site] = await Promise.all([launchChromium(), openForeignSite()]);
  const gateway = await spawnGateway({ args: ['--allow-origin', site.origin, '--base-path', '/under/here'] });
  const prices = ['A', 'B', 'C'].map((symbol, i) => ({ symbol, price: i + 0.5, size: BigInt(i) }));
  await publish(gateway.url, 'prices', prices, 'op=upsert&key=symbol');
  const load = Array.from({ length: 20 }, (_, i) => ({ at: i, load: i % 7 }));
  await publish(gateway.url, 'load', load, 'op=append');
  return {
    browser,
    gateway,
    site,
    async open(body, colorScheme = 'light', head) {
      const script = `<script type="module" src="${gateway.url}elements.js"></script>`;
      site.show(
        `<!doctype html><html lang="en"><title>own page</title>${script}<main><h1>own</h1>${body}</main>`,
        head?.policy,
      );
      const { page, complaints } = await newExamplePage(browser);
      const lines = countLines(page);
      await page.emulateMedia({ colorScheme });
      await page.goto(site.origin);
      // By script, for the policy lets no style in.
      if (head !== undefined) await page.evaluate(adoptStyle, head.style);
      return elementsPage(page, complaints, lines);
    },
    async close() {
      await browser.close();
      await gateway.close();
      await site.close();
    },
  };
}

function adoptStyle(text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [sheet];
}

function countLines(page: Page): ElementsPage['lines'] {
  const open = new Set<unknown>();
  const sent: { type: string }[] = [];
  const lines = { open, opened: 0, sent };
  page.on('websocket', (socket) => {
    lines.opened++;
    open.add(socket);
    socket.on('framesent', ({ payload }) => sent.push(JSON.parse(String(payload))));
    socket.on('close', () => open.delete(socket));
  });
  return lines;
}

function elementsPage(page: Page, complaints: readonly string[], lines: ElementsPage['lines']): ElementsPage {
  const grid = page.getByRole('grid', { name: 'prices' });
  return {
    page,
    complaints,
    lines,
    grid,
    headers: () =>
      grid.getByRole('columnheader').evaluateAll((all) => all.map((th) => th.getAttribute('aria-label'))),
    cells: () => grid.getByRole('gridcell').allTextContents(),
    setAttribute: (name, value) =>
      page.evaluate(
        ([attribute, to]) => {
          const element = document.querySelector('tablecast-table, tablecast-chart')!;
          if (to === null) element.removeAttribute(attribute!);
          else element.setAttribute(attribute!, to!);
        },
        [name, value],
      ),
  };
}
