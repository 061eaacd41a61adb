import type { RegularTableElement } from 'regular-table/dist/esm/regular-table.js';

/** regular-table takes a column that it has not drawn yet for this wide. */
export const UNSEEN_COLUMN_PX = 60;

/** The column that a header cell heads. */
export function headerColumn(element: RegularTableElement, th: HTMLElement): number | undefined {
  const meta = element.getMeta(th);
  return meta?.type === 'column_header' ? meta.x : undefined;
}

/** The columns on screen. */
export function headerColumns(element: RegularTableElement): number[] {
  return [...element.querySelectorAll<HTMLElement>('thead th')].flatMap(
    (th) => headerColumn(element, th) ?? [],
  );
}

/** The width of a digit in the grid's font; headers are bolder than what stands below them, hence the little extra. */
export function measureDigitPx(element: HTMLElement): number {
  const probe = document.createElement('span');
  probe.className = 'grid-probe';
  probe.textContent = '0000000000';
  element.append(probe);
  const widthPx = probe.getBoundingClientRect().width / 10;
  probe.remove();
  return (widthPx || 8) * 1.04;
}

/** regular-table adds a stylesheet of column widths to the document for each grid, and leaves it there. */
export function dropColumnStyles(element: HTMLElement): void {
  const scope = [...(element.querySelector('table')?.classList ?? [])].find((name) =>
    name.startsWith('rt-scope-'),
  );
  if (scope === undefined) return;
  const isOwn = (sheet: CSSStyleSheet) => {
    const [rule] = sheet.cssRules;
    return rule instanceof CSSStyleRule && rule.selectorText.startsWith(`.${scope} `);
  };
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !isOwn(sheet));
}
